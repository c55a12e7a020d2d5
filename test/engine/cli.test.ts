import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { cutaway } from '../support/cli'
import { copyExample, engineOrSkip, removeImages, saveImage } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()
const root = join(import.meta.dirname, '../..')

test('the built app does not contain or load ssh2: ssh is the user’s own', () => {
  const names = readdirSync(join(root, 'out/main'), { recursive: true, encoding: 'utf8' })
  const bundles = names.filter((name) => name.endsWith('.js'))
  expect(bundles.length).toBeGreaterThan(3)
  const loading = /(from\s*|require\(|import\()["'](ssh2|docker-modem|dockerode)["']/
  expect(bundles.filter((name) => loading.test(readFileSync(join(root, 'out/main', name), 'utf8')))).toEqual([])
  const files = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
  for (const left of ['ssh2', 'cpu-features', 'nan']) expect(files).toMatch(new RegExp(`!.*[{,]${left}[,}]`))
})

describe.skipIf(engine === undefined)('cutaway compare', () => {
  test('compares the two that are asked for, and says what keeps the smaller one from running, with its line', async () => {
    const { folder, remove } = copyExample('calculator-python')
    onTestFinished(async () => {
      await removeImages(engine!.client, folder)
      remove()
    })
    const multi = join(folder, 'Dockerfile.multistage')
    writeFileSync(multi, readFileSync(multi, 'utf8').replace(/^COPY --from=build \/opt\/venv.*\n/m, ''))
    const variants = JSON.parse((await cutaway(['variants', folder, '--json'])).out)
    expect(variants.chosen).toEqual({ before: 'Dockerfile', after: 'Dockerfile.multistage' })
    const asked = ['--before', 'copy:Dockerfile', '--after', 'Dockerfile.multistage']
    const report = JSON.parse((await cutaway(['compare', folder, ...asked, '--json'])).out) as CompareReport
    const [before, after] = report.variants
    expect(before).toMatchObject({ dockerfile: 'Dockerfile (edited)', problems: [] })
    expect(after!.problems!.map(({ rule, severity }) => `${severity} ${rule}`)).toContain('warning packages-lost')
    const unknown = await cutaway(['compare', folder, '--after', 'nothing'])
    expect(unknown.code).toBe(1)
    expect(unknown.err).toMatch(/has no variant “nothing”.*It has: Dockerfile,/)
  })
  test('build arguments reach FROM and RUN, and a stage can be what is built', async () => {
    const folder = makeFolder({
      Dockerfile:
        'ARG BASE=no-such-image\nFROM $BASE AS one\nARG WORD=default\nRUN echo $WORD > /word\nFROM $BASE\nCOPY --from=one /word /copied\n',
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const given = ['--build-arg', 'BASE=debian:bookworm', '--build-arg', 'WORD=four']
    const { code, out, err } = await cutaway(['compare', folder, '--after', 'Dockerfile#one', ...given, '--json'])
    expect([code, err.includes('no-such-image')]).toEqual([0, false])
    const [before, after] = (JSON.parse(out) as CompareReport).variants
    for (const [variant, path] of [
      [before!, '/copied'],
      [after!, '/word'],
    ] as const)
      expect((await cutaway(['read', variant.imageId, path])).out).toBe('four\n')
    expect((await cutaway(['compare', folder, '--build-arg', 'X'])).code).toBe(2)
    const named = ['--build-arg', 'BASE=base', '--build-context', 'base=docker-image://debian:bookworm']
    expect((await cutaway(['compare', folder, ...named])).code).toBe(0)
    const refused = await cutaway(['compare', folder, '--build-arg', 'BASE=base', '--build-context', 'base=./x'])
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining(':2 cannot be understood: the named context “base” is a folder'),
    ])
  })

  test('prints a table, or the data with --json, and ends with 0', async () => {
    const { folder, remove } = copyExample('calculator-c')
    onTestFinished(async () => {
      await removeImages(engine!.client, folder)
      remove()
    })
    const table = await cutaway(['compare', folder])
    expect(table.code).toBe(0)
    expect(table.out).toMatch(/unpacked +\d+ MB +\d/)
    expect(table.out).toMatch(/The multi-stage image is \d+ times smaller/)
    const json = await cutaway(['compare', folder, '--json'])
    const report = JSON.parse(json.out) as CompareReport
    expect(report.schemaVersion).toBe(1)
    expect(
      report.variants.map(({ role, derived, dockerfile, transferBytes }) => ({
        role,
        derived,
        dockerfile,
        transferBytes,
      })),
    ).toEqual([
      { role: 'before', derived: false, dockerfile: 'Dockerfile', transferBytes: null },
      { role: 'after', derived: false, dockerfile: 'Dockerfile.multistage', transferBytes: null },
    ])
    const [before, after] = report.variants
    const { kept, removed, added, changed } = report.comparison
    expect(kept.bytes + removed.bytes + changed.beforeBytes).toBe(before!.visibleBytes)
    expect(kept.bytes + added.bytes + changed.afterBytes).toBe(after!.visibleBytes)
    expect(before!.layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0)).toBe(before!.unpackedBytes)
    expect(before!.cachedSteps).toBeGreaterThan(0)
    expect(report.comparison.ledger!.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(before!.unpackedBytes)
    expect(report.comparison.surface!.find(({ category }) => category === 'shells')).toMatchObject({
      before: 2,
      after: 0,
    })
    expect(report.comparison.packages!.find(({ name }) => name === 'gcc-12')).toMatchObject({ afterVersions: [] })
    expect(report.comparison.givenUp!.map(({ what }) => what)).toEqual(['exec'])
    expect(before!.findings![0]).toMatchObject({ rule: 'DL3009', severity: 'info' })
    expect(before!.findings![0]!.bytes).toBeGreaterThan(10e6)
    expect([report.run, report.matrix, report.vulnerabilities]).toEqual([null, null, null])
    const input = join(folder, '../input.txt')
    writeFileSync(input, '1 + 2\n')
    const ran = await cutaway(['compare', folder, '--run', '--input', input, '--scan', '--json'], { PATH: '/usr/bin' })
    const { run, vulnerabilities } = JSON.parse(ran.out) as CompareReport
    expect(run).toMatchObject({ before: { stdout: '3\n', exitCode: 0 }, after: { stdout: '3\n' }, differences: [] })
    expect(vulnerabilities).toEqual({ scanner: null })
    expect((await cutaway(['compare', folder, '--run', '--port', '99999'])).code).toBe(2)
    expect((await cutaway(['compare', folder, '--run', '--input', '/no/such'])).err).toMatch(
      /\/no\/such cannot be read/,
    )
    expect((await cutaway(['compare', folder, '--matrix', '--runs', '0'])).code).toBe(2)
    const file = join(folder, '../report.json')
    expect((await cutaway(['compare', folder, '--json', '--output', file])).out).toBe('')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schemaVersion: 1 })
  })

  test('surface counts one image and lists with --json; sbom writes both formats; archives too', async () => {
    const image = 'debian:bookworm-slim'
    const table = await cutaway(['surface', image])
    expect(table.code).toBe(0)
    expect(table.out).toMatch(/ {2}2 {2}Shells\n +\/usr\/bin\/bash \(also rbash\)/)
    const report = JSON.parse((await cutaway(['surface', image, '--json'])).out)
    expect(report).toMatchObject({ schemaVersion: 1, residue: { list: expect.any(Array) } })
    const { surface, packages } = report
    expect(surface.packages).toHaveLength(packages.length)
    const cyclonedx = JSON.parse((await cutaway(['sbom', image])).out)
    expect(cyclonedx).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
    expect(cyclonedx.components).toHaveLength(packages.length)
    const spdx = JSON.parse((await cutaway(['sbom', image, '--format', 'spdx'])).out)
    expect(spdx.packages).toHaveLength(packages.length + 1)
    expect((await cutaway(['sbom', image, '--format', 'csv'])).code).toBe(2)
    const folder = makeFolder({})
    const archive = join(folder, 'image.tar')
    await saveImage(engine!.client, image, archive)
    const fromArchive = JSON.parse((await cutaway(['surface', archive, '--json'])).out)
    expect({ ...fromArchive, imageId: '' }).toEqual({ ...report, imageId: '' })
  })

  test('a build that fails ends with 1 and one sentence that names the line', async () => {
    const folder = makeFolder({
      Dockerfile: 'FROM debian:bookworm AS build\nRUN exit 3\nFROM scratch\nCOPY --from=build /x /x\n',
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const { code, err } = await cutaway(['compare', folder])
    expect(code).toBe(1)
    expect(err.trim().split('\n').at(-1)).toMatch(
      /^Dockerfile \(stacked\):\d+: “RUN exit 3” failed with exit code 3|^Dockerfile:2/,
    )
  })

  test('an interrupt ends the build and the command', async () => {
    const folder = makeFolder({
      Dockerfile: 'FROM debian:bookworm AS build\nRUN sleep 999\nFROM scratch\nCOPY --from=build /x /x\n',
    })
    const child = execFile(process.execPath, ['out/main/cli.js', 'compare', folder], { cwd: root })
    const code = await new Promise((resolve) => {
      child.stderr!.on('data', (text: string) => {
        if (text.includes('running') && text.includes('sleep 999')) child.kill('SIGINT')
      })
      child.on('exit', resolve)
    })
    expect(code).toBe(130)
  })
})

describe('wrong use and bad surroundings', () => {
  test.each<[string, () => string[], number, RegExp]>([
    ['no command', () => [], 2, /^$/],
    ['an unknown command', () => ['frobnicate'], 2, /^cutaway: unknown command "frobnicate"\n/],
    ['an unknown option', () => ['compare', '.', '--frob'], 2, /^cutaway compare: unknown option --frob\n/],
    [
      'a folder that is not there',
      () => ['compare', '/no/such/folder'],
      1,
      /^The folder \/no\/such\/folder does not exist\./,
    ],
    ['a folder without Dockerfile', () => ['compare', makeFolder({ x: '' })], 1, /^There is no Dockerfile in /],
    [
      'a Dockerfile that cannot be understood',
      () => ['compare', makeFolder({ Dockerfile: 'FROM a\nFOO\n' })],
      1,
      /^Dockerfile:2 cannot be understood: unknown instruction FOO/,
    ],
  ])('%s', async (_what, args, code, message) => {
    const result = await cutaway(args())
    expect(result.code).toBe(code)
    expect(result.err.trim()).toMatch(message)
    if (code === 1) expect(result.err.trim().split('\n')).toHaveLength(1)
  })

  test('a base image that cannot be had is said before anything is derived from it', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM registry.invalid/a:1\nRUN make\nCMD ["/a"]\n' })
    const { code, err } = await cutaway(['compare', folder])
    expect([code, err.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(/^Dockerfile:1 needs the base image registry\.invalid\/a:1, which the engine cannot fetch/),
    ])
  })

  test('derive prints the file alone, its reasons beside it or, when asked, as comments in it', async () => {
    const folder = makeFolder({
      Dockerfile:
        'FROM debian:bookworm\nRUN printf "#!/bin/sh\\necho ok\\n" > /ok && chmod 755 /ok\nRUN touch /tmp/x\nCMD ["/ok"]\n',
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const plain = await cutaway(['derive', folder, '--to', 'multi-stage'])
    expect([plain.code, plain.out.split('\n').slice(4)]).toEqual([
      0,
      ['', 'FROM debian:bookworm-slim', 'COPY --from=build /ok /', 'CMD ["/ok"]', ''],
    ])
    expect(plain.err).toContain('written by “RUN printf')
    const explained = await cutaway(['derive', folder, '--to', 'multi-stage', '--explain'])
    expect(explained.out).toMatch(/^# line 1: The file as it is becomes the stage “build”\.\n(# .*\n)+FROM debian/)
    const shell = await cutaway(['derive', folder, '--to', 'minimal'])
    expect([shell.code, shell.err]).toEqual([1, expect.stringContaining('/bin/sh is needed (first line of /ok)')])
    for (const name of ['traditional', 'flatten']) {
      const stacked = await cutaway(['derive', 'resources/examples/calculator-go', '--to', name])
      expect(stacked.out).toContain('FROM build AS traditional\n')
    }
    const wrong = await cutaway(['derive', makeFolder({ Dockerfile: 'FROM a\nCMD ["x"]\n' }), '--to', 'traditional'])
    expect([wrong.code, wrong.err]).toEqual([
      1,
      expect.stringContaining('No traditional Dockerfile can be made of Dockerfile: none has several stages.'),
    ])
    expect((await cutaway(['derive', folder, '--to', 'smaller'])).code).toBe(2)
  })

  test('check ends with 1 when something would fail, with 0 when nothing is found; graph lists stages', async () => {
    const text = readFileSync(join(root, 'test/corpus/broken/shell-form-on-scratch/broken.Dockerfile'), 'utf8')
    const found = await cutaway(['check', makeFolder({ Dockerfile: text })])
    expect([found.code, found.out.split('\n')[0]]).toEqual([
      1,
      'Dockerfile:9 error shell-form-without-shell: CMD uses the shell form, but the base image has no shell.',
    ])
    const json = await cutaway(['check', 'resources/examples/calculator-python', '--json'])
    const { schemaVersion, files } = JSON.parse(json.out)
    expect([json.code, schemaVersion]).toEqual([0, 1])
    const rules = (file: { findings: { rule: string }[] }): string[] => file.findings.map(({ rule }) => rule)
    expect(files.map(rules)).toEqual([['DL3042', 'DL3002'], []])
    const graph = await cutaway(['graph', 'resources/examples/calculator-go'])
    expect(graph.out).toContain(
      '  stage-1 (becomes the image)\n    line 8: stands on scratch\n    line 9: copies from build\n',
    )
  })

  test('no engine: one sentence that says what was tried and what to do', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a AS b\nRUN x\nFROM scratch\nCOPY --from=b /x /x\n' })
    const { code, err } = await cutaway(['compare', folder], { DOCKER_HOST: 'unix:///no/such.sock' })
    expect(code).toBe(1)
    expect(err.trim()).toBe(
      'The engine in DOCKER_HOST (unix:///no/such.sock) cannot be used: there is no such socket. Start that engine or correct DOCKER_HOST. Unset it to use a local engine.',
    )
  })

  test('a report that cannot be written is said before anything is built', async () => {
    const { code, err } = await cutaway(['compare', makeFolder({ x: '' }), '--output', '/no/such/folder/report'])
    expect([code, err]).toEqual([1, expect.stringMatching(/^\/no\/such\/folder\/report cannot be written/)])
  })
})
