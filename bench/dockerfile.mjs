// How long a Dockerfile of 200 lines takes to be parsed, and to be parsed and judged as the editor does after every pause in typing.
// usage: node bench/dockerfile.mjs; medians of 200 calls after 50, in one process; prints Markdown.
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../scripts/bootstrap.mjs'

const outDir = join(root, 'out/bench')
await build({
  configFile: false,
  logLevel: 'error',
  root,
  build: { ssr: 'bench/judge.ts', outDir, emptyOutDir: false, rollupOptions: { output: { format: 'es' } } },
})
const { judge, parse, text } = await import(join(outDir, 'judge.js'))

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]
const time = (work) => {
  const times = []
  for (let run = 0; run < 250; run++) {
    const startMs = performance.now()
    work()
    if (run >= 50) times.push(performance.now() - startMs)
  }
  return { median: median(times), worst: times.at(-1) }
}
console.log(`| ${text.split('\n').length} lines | median | slowest of 200 |\n|---|---|---|`)
for (const [name, work] of [
  ['parse, stages, diagnostics', parse],
  ['the same, graph, findings and suggestions', judge],
]) {
  const { median: ms, worst } = time(work)
  console.log(`| ${name} | ${ms.toFixed(2)} ms | ${worst.toFixed(2)} ms |`)
}
