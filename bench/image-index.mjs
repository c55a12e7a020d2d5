// npm run bench: how long it takes to index an image, against what every other tool has to do first (the engine's export).
// Medians of 5, whole commands, in one run; prints a Markdown table. Needs an engine; builds the Go example.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ensureBuild, ensurePackages, root } from '../scripts/bootstrap.mjs'

const runs = 5
ensurePackages()
ensureBuild()

/** Runs the command line once: seconds, and the process's peak memory in MB. */
function cutaway(args) {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    const report = `process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS))`
    const preload = `data:text/javascript,${encodeURIComponent(report)}`
    const child = spawn(process.execPath, ['--import', preload, 'out/main/cli.js', ...args], { cwd: root })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(errors))
      const peakBytes = Number(/peak (\d+)$/.exec(errors)?.[1]) * 1024
      resolve({ seconds: (performance.now() - startMs) / 1000, peakBytes, output })
    })
  })
}

/** The engine's own export, drained: what `docker save IMAGE | cat >/dev/null` does. */
function save(socketPath, image, into) {
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    request({ socketPath, path: `/images/get?names=${encodeURIComponent(image)}` }, async (reply) => {
      if (into) await pipeline(reply, createWriteStream(into))
      else for await (const _ of reply);
      resolve((performance.now() - startMs) / 1000)
    })
      .on('error', reject)
      .end()
  })
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function repeat(work) {
  const results = []
  for (let run = 0; run < runs; run++) results.push(await work())
  return results
}

const built = JSON.parse((await cutaway(['compare', 'resources/examples/calculator-go', '--json'])).output)
const socketPath = new URL(built.engine.address).pathname
const folder = mkdtempSync(join(tmpdir(), 'cutaway-bench-'))
try {
  const [image] = built.variants
  const archive = join(folder, 'image.tar')
  await save(socketPath, image.reference, archive)
  const nothing = median((await repeat(() => cutaway(['--help']))).map((run) => run.seconds))
  const saved = median(await repeat(() => save(socketPath, image.reference)))
  const rows = [`| engine’s export, drained (\`docker save\`) | ${saved.toFixed(2)} | 1 | |`]
  for (const [name, args] of [
    ['`inspect`, layer metadata', ['inspect', image.reference, '--source', 'tar-split', '--no-cache', '--json']],
    ['`inspect`, layer metadata, all layers in the index cache', ['inspect', image.reference, '--json']],
    ['`inspect`, export stream', ['inspect', image.reference, '--source', 'export', '--json']],
    ['`inspect`, docker-archive file, content checksums included', ['inspect', archive, '--json']],
  ]) {
    const results = await repeat(() => cutaway(args))
    const seconds = median(results.map((run) => run.seconds))
    const peak = Math.round(median(results.map((run) => run.peakBytes)) / 1e6)
    rows.push(`| ${name} | ${seconds.toFixed(2)} | ${(seconds / saved).toFixed(3)} | ${peak} |`)
  }
  console.log(
    `Image: ${(image.unpackedBytes / 1e9).toFixed(2)} GB unpacked, ${image.entries} entries, ${image.layers.length} layers.`,
  )
  console.log(
    `Engine: ${built.engine.name} ${built.engine.version}. Node.js ${process.version}. Starting the command line alone: ${nothing.toFixed(2)} s.`,
  )
  console.log('\n| case | seconds, median of 5 | of `docker save` | peak memory, MB |\n|---|---|---|---|')
  console.log(rows.join('\n'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
