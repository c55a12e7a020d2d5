// npm run bench: how long it takes to index images, against what every other tool has to do first (the engine's export), and against
// dive where it is installed. Medians of 5 in one run; prints Markdown. Needs an engine; builds its images, about 4 GB with archives.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { ensureBuild, ensurePackages, root } from '../scripts/bootstrap.mjs'
import { buildImages, save } from './images.mjs'

const runs = 5
ensurePackages()
ensureBuild()
const folder = mkdtempSync(join(tmpdir(), 'cutaway-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const programs = join(root, 'out/bench')
for (const name of ['measure', 'archive'])
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: `bench/${name}.ts`,
      outDir: programs,
      emptyOutDir: false,
      rollupOptions: { output: { format: 'es' } },
    },
  })

/** Runs a program to its end: seconds, and what it printed. */
function command(program, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...environment } })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(errors))
      resolve({ seconds: (performance.now() - startMs) / 1000, output, errors })
    })
  })
}

/** The command line once; prints its peak memory as the last line of standard error. */
async function cutaway(args, environment) {
  // Not resourceUsage: what that counts begins with the memory of the process that started this one.
  const status = `process.getBuiltinModule('fs').readFileSync('/proc/self/status', 'utf8')`
  const report = `process.on('exit', () => process.stderr.write('\\npeak ' + /VmHWM:\\s+(\\d+)/.exec(${status})[1]))`
  const preload = `data:text/javascript,${encodeURIComponent(report)}`
  const run = await command(process.execPath, ['--import', preload, 'out/main/cli.js', ...args], environment)
  return { ...run, peakBytes: Number(/peak (\d+)$/.exec(run.errors)?.[1]) * 1024 }
}
const measure = async (name, options) =>
  JSON.parse((await command(process.execPath, [join(programs, 'measure.js'), name, JSON.stringify(options)])).output)
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function repeat(work, times = runs) {
  const results = []
  for (let run = 0; run < times; run++) results.push(await work())
  return results
}

const seconds = (value) => (value < 1 ? value.toFixed(3) : value.toFixed(2))
const print = (line) => console.log(line)

const compared = JSON.parse((await cutaway(['compare', 'resources/examples/calculator-go', '--json'])).output)
const socket = new URL(compared.engine.address).pathname
const [toolchain, small] = compared.variants
const names = await buildImages(socket, toolchain.reference)
const hasDive = spawnSync('dive', ['--version']).status === 0
const start = median((await repeat(() => cutaway(['--help']))).map((run) => run.seconds))
print(
  `Engine: ${compared.engine.name} ${compared.engine.version}. Node.js ${process.version}; starting the command line alone takes ${seconds(start)} s.`,
)
print(
  `“First” is the first call in a fresh process without its start, “warm” the median of the next 5 in that process, as in the app;`,
)
print(
  `“command” is \`cutaway inspect\` as a whole, the median of 5. Ratios are of the first call. ${hasDive ? '' : 'dive was not installed.'}`,
)

for (const [title, image] of [
  ['A toolchain', toolchain.reference],
  ['Thousands of files deleted and rewritten', names.rewriting],
  ['A small image', small.reference],
]) {
  const report = JSON.parse((await cutaway(['inspect', image, '--json'])).output)
  print(
    `\n## ${title}: ${(report.unpackedBytes / 1e9).toFixed(2)} GB in ${report.layers.length} layers, ${report.entries} entries\n`,
  )
  print('| case | first, s | of `docker save` | warm, s | command, s | peak memory, MB |\n|---|---|---|---|---|---|')
  const saved = median(await repeat(() => save(socket, image)))
  const row = (name, first, warm, whole, peak) =>
    print(
      `| ${name} | ${seconds(first)} | ${(first / saved).toFixed(4)} | ${warm ?? ''} | ${whole ?? ''} | ${peak ?? ''} |`,
    )
  row('`docker save`, drained', saved)
  const archive = join(folder, 'image.tar')
  await save(socket, image, archive)
  const cold = { image, socket, source: 'tar-split' }
  const warmCache = join(folder, 'cache')
  const fill = async (of) => {
    rmSync(warmCache, { recursive: true, force: true })
    await cutaway(['inspect', of, '--json'], { CUTAWAY_DATA: folder, DOCKER_HOST: `unix://${socket}` })
    return join(folder, 'index-cache')
  }
  const cases = [
    ['engine, nothing cached', 'engine', cold, ['inspect', image, '--source', 'tar-split', '--json']],
    ['engine, all layers cached', 'engine', { image, socket, cache: await fill(image) }, ['inspect', image, '--json']],
    ['docker-archive file, content checksums', 'archive', { archive }, ['inspect', archive, '--json']],
  ]
  for (const [name, kind, options, args] of cases) {
    const firsts = await repeat(() => measure(kind, options), 3)
    const commands = await repeat(() => cutaway(args))
    const whole = median(commands.map((run) => run.seconds))
    const peakBytes = median(commands.map((run) => run.peakBytes))
    const at = (key) => median(firsts.map((each) => each[key]))
    row(name, at('firstMs') / 1000, seconds(at('warmMs') / 1000), seconds(whole), Math.round(peakBytes / 1e6))
  }
  if (image === toolchain.reference) {
    const cache = await fill(image)
    const { firstMs, warmMs } = await measure('engine', { image: names.newLayer, socket, cache })
    row('engine, one new layer of 7 kB', firstMs / 1000, seconds(warmMs / 1000))
  }
  if (hasDive) {
    for (const [name, args] of [
      ['dive, engine', [image]],
      ['dive, archive', [`docker-archive://${archive}`]],
    ])
      row(
        name,
        median(
          (await repeat(() => command('dive', args, { CI: 'true', DOCKER_HOST: `unix://${socket}` }))).map(
            (run) => run.seconds,
          ),
        ),
      )
  }
}

print('\n## Generated\n\n| case | first, s | warm, s | peak memory, MB |\n|---|---|---|---|')
const million = join(folder, 'million.tar')
await command(process.execPath, [join(programs, 'archive.js'), million, '1000000', '60'])
for (const [name, kind, options] of [
  ['1,000,000 entries in 60 layers, from a file', 'archive', { archive: million }],
  ['merge of 60 layers, 200,000 entries', 'merge', { entries: 200_000, layers: 60 }],
  ['comparison of two images of 200,000 entries', 'compare', { entries: 200_000, layers: 6 }],
]) {
  const { firstMs, warmMs, peakBytes } = await measure(kind, options)
  print(`| ${name} | ${seconds(firstMs / 1000)} | ${seconds(warmMs / 1000)} | ${Math.round(peakBytes / 1e6)} |`)
}
