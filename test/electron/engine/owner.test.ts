import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ImageLease, isLeaseTag, leaseOwner } from '../../../electron/engine/life/image-lease'
import { ownerState, thisOwner } from '../../../electron/engine/life/owner'

/** This process's description with some of its four parts replaced. */
const changed = (parts: Readonly<Record<number, string>>): string =>
  thisOwner()
    .split('.')
    .map((part, at) => parts[at] ?? part)
    .join('.')

test('a process is alive until it has ended, and one that got its id later is another', async () => {
  expect(ownerState(thisOwner())).toBe('alive')
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
  const owner = changed({ 2: String(child.pid) })
  expect(ownerState(owner)).toBe(process.platform === 'linux' ? 'gone' : 'alive')
  child.kill()
  await once(child, 'exit')
  expect(ownerState(owner)).toBe('gone')
  expect(ownerState(changed({ 1: '00000000' }))).toBe('gone')
})

test('an owner on another machine, or a label of someone else, is never gone', () => {
  expect(ownerState(changed({ 0: '000000000000' }))).toBe('elsewhere')
  for (const text of ['', 'someone', '1.2.3', `${thisOwner()}.5`]) expect(ownerState(text)).toBe('elsewhere')
})

test('a lease tag names its owner and is a valid tag', () => {
  const tag = new ImageLease({} as never).next()
  expect(isLeaseTag(tag)).toBe(true)
  expect(leaseOwner(tag)).toBe(thisOwner())
  expect(tag).toMatch(/^cutaway\/session:[\w.-]{1,128}$/)
  expect(isLeaseTag('cutaway/session-3f2a:before')).toBe(false)
})
