import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLocked, takeLock, takeOver } from '../../../electron/engine/setup/start-lock'
import { makeFolder } from '../../support/folder'

const lockFile = (): string => join(makeFolder({}), 'starting')

test('one owner at a time; a lock that was released can be taken again', () => {
  const path = lockFile()
  const lock = takeLock(path)
  expect(lock).toBeDefined()
  expect(isLocked(path)).toBe(true)
  expect(takeLock(path)).toBeUndefined()
  lock!.release()
  expect(isLocked(path)).toBe(false)
  takeLock(path)!.release()
  expect(readdirSync(join(path, '..'))).toEqual([])
})

const endedPid = (): number => Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))

test.each([
  ['whose owner has ended', (own: object) => JSON.stringify({ ...own, pid: endedPid() })],
  ['whose owner’s process id is another process now', (own: object) => JSON.stringify({ ...own, startedAt: '1' })],
  ['of an earlier boot', (own: object) => JSON.stringify({ ...own, boot: 'another' })],
  ['that a power loss cut off', () => ''],
  ['of an earlier version', () => String(process.pid)],
])('a lock %s is taken over by exactly one', (_, stale) => {
  const path = lockFile()
  takeLock(path)
  writeFileSync(path, stale(JSON.parse(readFileSync(path, 'utf8'))))
  const taken = [takeLock(path), takeLock(path), takeLock(path)].filter((lock) => lock !== undefined)
  expect(taken).toHaveLength(1)
  expect(readdirSync(join(path, '..'))).toEqual(['starting'])
})

test.each([
  ['a folder', (path: string) => mkdirSync(path)],
  ['a link to nothing', (path: string) => symlinkSync('/no/such/place', path)],
])('%s in the place of the lock is told and not waited for', (_, make) => {
  const path = lockFile()
  make(path)
  expect(() => takeLock(path)).toThrow(/starting is not a file that can be read/)
  expect(readdirSync(join(path, '..'))).toEqual(['starting'])
})

test('an owner that is late does not release the lock of the next', () => {
  const path = lockFile()
  const late = takeLock(path)!
  writeFileSync(path, '')
  expect(takeLock(path)).toBeDefined()
  late.release()
  expect(isLocked(path)).toBe(true)
})

test('a process that saw the stale lock before another took it over leaves that one’s lock', () => {
  const path = lockFile()
  writeFileSync(path, 'stale')
  const draft = `${path}.late`
  writeFileSync(draft, 'late')
  takeLock(path)
  const taken = readFileSync(path, 'utf8')
  expect(takeOver(draft, path, 'stale')).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe(taken)
})

test('while one process takes a stale lock over, no other does', () => {
  const path = lockFile()
  writeFileSync(path, 'stale')
  const right = takeLock(`${path}.${createHash('sha256').update('stale').digest('hex').slice(0, 12)}`)!
  expect(takeLock(path)).toBeUndefined()
  expect(readFileSync(path, 'utf8')).toBe('stale')
  right.release()
  expect(takeLock(path)).toBeDefined()
})
