import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../support/folder'

// The built command line, its standard streams as a shell connects them. Needs no engine.

const cli = join(import.meta.dirname, '../../out/main/cli.js')

function shell(
  command: string,
  cwd: string,
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const environment = { ...process.env, INIT_CWD: cwd, CUTAWAY: `${process.execPath} ${cli}` }
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd, env: environment, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

const project = { 'p/Dockerfile': 'FROM debian AS a\nFROM a\n' }

test('standard output by name goes on where it is; a file that is appended to keeps what it has', () => {
  const folder = makeFolder({ ...project, log: 'first\n' })
  expect(shell('$CUTAWAY graph p -o /dev/stdout >> log', folder).code).toBe(0)
  expect(readFileSync(join(folder, 'log'), 'utf8')).toMatch(/^first\nDockerfile\n/)
  expect(shell('$CUTAWAY graph p -o /dev/fd/1 | cat', folder).out).toMatch(/^Dockerfile\n/)
  expect(shell('$CUTAWAY graph p --json | head -c 5', folder).err).toBe('')
})

test('a full disk is said in a sentence, on standard output too; no file is left, and an existing one is as it was', () => {
  const folder = makeFolder({ ...project, 'out/old.svg': 'old' })
  for (const command of ['$CUTAWAY graph p > /dev/full', '$CUTAWAY graph p -o /dev/full']) {
    const { code, err } = shell(command, folder)
    expect(code, command).toBe(1)
    expect(err, command).toMatch(/^The disk is full \(.*\)\. .*\n$/)
  }
  // No file may have more than 1 kB.
  const { code, err } = shell('ulimit -f 1; for f in old new; do $CUTAWAY graph p --svg -o out/$f.svg; done', folder)
  expect(code).toBe(1)
  expect(err).toMatch(/^(\S+\.svg cannot be written: the file would be too large\. .*\n){2}$/)
  expect(readdirSync(join(folder, 'out'))).toEqual(['old.svg'])
  expect(readFileSync(join(folder, 'out/old.svg'), 'utf8')).toBe('old')
})

test('two results do not go into one file', () => {
  const { code, err } = shell('$CUTAWAY compare p --save x --report ./x', makeFolder(project))
  expect(code).toBe(2)
  expect(err).toMatch(/^cutaway compare: --output, --save and --report must name different files\n/)
})

test('a wrong call says what is wrong and where the help is; the version is that of the package', () => {
  const folder = makeFolder(project)
  const wrong = shell('$CUTAWAY graph p --scan', folder)
  expect([wrong.code, wrong.err]).toEqual([
    2,
    'cutaway graph: unknown option --scan\nRun "cutaway graph --help" for help.\n',
  ])
  const format = shell('$CUTAWAY sbom p --format csv', folder)
  expect([format.code, format.err.split('\n')[0]]).toEqual([2, 'cutaway sbom: --format must be cyclonedx or spdx'])
  const runs = shell('$CUTAWAY compare p --matrix --runs 0', folder)
  expect([runs.code, runs.err.split('\n')[0]]).toEqual([
    2,
    'cutaway compare: --runs must be a whole number from 1 to 20',
  ])
  expect(shell('$CUTAWAY --version', folder).out).toMatch(/^cutaway \d+\.\d+\.\d+\n$/)
})
