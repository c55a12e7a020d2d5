import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findScanner, scanSbom } from '../../../electron/engine/packages/scan'

const { signal } = new AbortController()
const path = process.env.PATH
afterEach(() => {
  process.env.PATH = path
})

/** A program of that name that checks that it was given an SBOM, and prints what the real one would. */
function install(name: string, json: unknown, exitCode = 0): void {
  const folder = mkdtempSync(join(tmpdir(), 'cutaway-scanner-'))
  writeFileSync(join(folder, 'reply.json'), JSON.stringify(json))
  writeFileSync(
    join(folder, name),
    `#!/bin/sh\nfor last; do case "$last" in *.cdx.json) file=\${last#sbom:};; esac; done\ngrep -q bomFormat "$file" || exit 9\ncat ${folder}/reply.json\necho database is too old >&2\nexit ${exitCode}\n`,
  )
  chmodSync(join(folder, name), 0o755)
  process.env.PATH = `${folder}:/bin:/usr/bin`
}

const sbom = '{"bomFormat":"CycloneDX"}'

test('where none is installed there is none', async () => {
  process.env.PATH = mkdtempSync(join(tmpdir(), 'cutaway-empty-'))
  expect(await findScanner()).toBeUndefined()
})

test('grype: each vulnerability of a package once, the gravest first', async () => {
  const match = (id: string, severity: string, version = '1'): object => ({
    vulnerability: { id, severity, fix: { versions: ['2'] } },
    artifact: { name: 'libx', version },
  })
  install('grype', {
    matches: [
      match('CVE-1', 'Low'),
      match('CVE-2', 'Critical'),
      match('CVE-2', 'Critical'),
      match('CVE-3', 'Negligible'),
      match('CVE-4', 'Odd'),
    ],
  })
  expect(await findScanner()).toBe('grype')
  const result = await scanSbom('grype', sbom, signal)
  expect(result.counts).toEqual({ critical: 1, high: 0, medium: 0, low: 2, unknown: 1 })
  expect(result.worst[0]).toEqual({ id: 'CVE-2', severity: 'critical', package: 'libx 1', fixedIn: '2' })
})

test('trivy', async () => {
  const found = { VulnerabilityID: 'CVE-9', Severity: 'HIGH', PkgName: 'flask', InstalledVersion: '1.0' }
  install('trivy', { Results: [{ Vulnerabilities: [found] }, { Target: 'clean' }] })
  expect(await findScanner()).toBe('trivy')
  const { counts, worst } = await scanSbom('trivy', sbom, signal)
  expect(counts.high).toBe(1)
  expect(worst).toEqual([{ id: 'CVE-9', severity: 'high', package: 'flask 1.0', fixedIn: '' }])
})

test('one that fails is told in its own words', async () => {
  install('grype', {}, 1)
  await expect(scanSbom('grype', sbom, signal)).rejects.toMatchObject({
    failure: { code: 'scan-failed', scanner: 'grype', detail: 'database is too old' },
  })
})

test.each(['no such flag: --output', 'null', '[]', '7'])(
  'output that is no report is a failure, not an image without faults: %s',
  async (output) => {
    install('trivy', {})
    writeFileSync(join(process.env.PATH!.split(':')[0]!, 'reply.json'), output)
    await expect(scanSbom('trivy', sbom, signal)).rejects.toMatchObject({
      failure: { code: 'scan-failed', scanner: 'trivy' },
    })
  },
)

test('neither a scanner nor its settings are taken from the current folder', async () => {
  const project = mkdtempSync(join(tmpdir(), 'cutaway-project-'))
  writeFileSync(join(project, 'grype'), '#!/bin/sh\n')
  chmodSync(join(project, 'grype'), 0o755)
  const before = process.cwd()
  try {
    process.chdir(project)
    process.env.PATH = `.:${mkdtempSync(join(tmpdir(), 'cutaway-empty-'))}`
    expect(await findScanner()).toBeUndefined()
    install('grype', { matches: [] })
    writeFileSync(join(process.env.PATH!.split(':')[0]!, 'grype'), '#!/bin/sh\npwd >&2\nexit 1\n')
    const error = await scanSbom('grype', sbom, signal).catch((cause) => cause)
    expect(error.failure.detail).toContain('cutaway-sbom-')
  } finally {
    process.chdir(before)
  }
})
