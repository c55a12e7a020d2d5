import { expect, test } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import type { Failure } from '../../../electron/core/failure'
import {
  formatBytes,
  formatCount,
  formatElapsed,
  formatQuantity,
  formatRatio,
  formatShare,
} from '../../../electron/core/format'
import { verdict } from '../../../electron/core/report/verdict'
import { decodeUtf8, displayName, encodeUtf8 } from '../../../electron/core/utf8'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [1893695, '1.89 MB'],
  [1_224_764_941, '1.22 GB'],
  [-45_600_000, '−45.6 MB'],
  [1, '1 B'],
  [-1, '−1 B'],
  [9990, '9.99 kB'],
  [10_000, '10.0 kB'],
  [100_000, '100 kB'],
  [1_000_000, '1.00 MB'],
  [1e15, '1000 TB'],
  [9_996, '10.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('times and counts', () => {
  const times = [0, 420, 9_900, 9_960, 10_000, 48_400, 59_600, 60_000, 118_000, 605_000]
  const texts = ['0.0 s', '0.4 s', '9.9 s', '10 s', '10 s', '48 s', '1:00 min', '1:00 min', '1:58 min', '10:05 min']
  expect(times.map(formatElapsed)).toEqual(texts)
  expect([0, 999, 1000, 28089, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '28,089', '1,234,567'])
  expect([0, 1, 2].map((count) => formatQuantity(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
  expect(formatQuantity(2, 'entry', 'entries')).toBe('2 entries')
})

test.each([
  [0, 0, '0 %'],
  [0, 10, '0 %'],
  [10, 10, '100 %'],
  [1, 3, '33.3 %'],
  [1, 1000, '0.1 %'],
  [1, 1001, 'below 0.1 %'],
])('%d of %d is %s', (bytes, total, text) => {
  expect(formatShare(bytes, total)).toBe(text)
})

test.each([
  [1_224_764_941, 1_893_695, '647 times smaller'],
  [830, 266, '3.1 times smaller'],
  [100, 88, '12 % smaller'],
  [100, 112, '12 % larger'],
  [100, 300, '3.0 times larger'],
  [5, 5, 'the same size'],
  [0, 0, 'the same size'],
  [5, 0, 'empty'],
  [0, 5, 'not empty'],
  [20, 10, '2.0 times smaller'],
  [100, 10, '10 times smaller'],
  [10, 20, '2.0 times larger'],
  [19, 10, '47 % smaller'],
  [10, 19, '90 % larger'],
  [100, 90, '10 % smaller'],
  [100, 91, '9.0 % smaller'],
])('%d against %d is %s', (before, after, text) => {
  expect(formatRatio(before, after)).toBe(text)
})

test('the verdict also says when it does not pay', () => {
  const variant = (role: 'before' | 'after', name: string, unpackedBytes: number) =>
    ({ role, name, unpackedBytes, entries: 1 }) as never
  const nothing = {
    kept: { bytes: 0, entries: 0 },
    removed: { bytes: 0, entries: 0 },
    added: { bytes: 0, entries: 0 },
    changed: { beforeBytes: 1, afterBytes: 2, entries: 1 },
    ratio: 1,
    ledger: [],
    surface: null,
    packages: null,
    residue: null,
    givenUp: null,
  }
  const worse = {
    variants: [variant('before', 'traditional', 100), variant('after', 'multi-stage', 140)],
    comparison: nothing,
  }
  expect(verdict(worse)).toBe(
    'The multi-stage image is 40 % larger: 100 B against 140 B unpacked, 1 entry against 1 entry. For this project it does not pay in size.',
  )
  const same = {
    variants: [variant('before', 'traditional', 100), variant('after', 'multi-stage', 100)],
    comparison: { ...nothing, changed: { beforeBytes: 0, afterBytes: 0, entries: 0 } },
  }
  expect(verdict(same)).toBe('No differences: both are 100 B.')
})

test('UTF-8 survives, and bytes that are not UTF-8 stay apart', () => {
  for (const text of ['plain', 'ünï', '\u{1f600}', 'a\u0000b']) expect(decodeUtf8(encodeUtf8(text))).toBe(text)
  expect(decodeUtf8(new TextEncoder().encode('grün €'))).toBe('grün €')
  const broken = Uint8Array.from([0x61, 0xff, 0xc3])
  expect(encodeUtf8(decodeUtf8(broken))).toEqual(broken)
  expect(displayName(decodeUtf8(broken))).toBe('a\\xff\\xc3')
})

test('every failure is one sentence that names the thing, and what to do next', () => {
  const failures: Failure[] = [
    { code: 'cancelled' },
    { code: 'internal', incident: 'ab12' },
    { code: 'bad-input', problem: 'path: too long' },
    {
      code: 'engine-unreachable',
      tried: [{ address: 'unix:///x.sock', context: undefined, reason: 'connection refused' }],
      chosenBy: undefined,
    },
    { code: 'engine-lost', endpoint: 'unix:///x.sock' },
    { code: 'builder-missing', engine: 'Podman 4.3' },
    { code: 'engine-refused', request: 'POST /build', status: 500, detail: 'no' },
    { code: 'folder-missing', path: '/gone' },
    { code: 'path-unreadable', path: '/locked', detail: 'permission denied' },
    { code: 'no-dockerfile', path: '/empty' },
    { code: 'path-unwritable', path: '/ro', detail: 'no' },
    { code: 'dockerfile-invalid', file: 'Dockerfile', line: 3, problem: 'unknown instruction FOO.' },
    { code: 'no-pair', file: 'Dockerfile', problem: 'it has one stage.' },
    {
      code: 'base-image-unavailable',
      image: 'x/y:1',
      file: 'Dockerfile',
      line: 1,
      reason: 'not-found',
      detail: 'manifest unknown',
    },
    {
      code: 'build-failed',
      file: 'Dockerfile',
      line: 4,
      instruction: 'RUN make',
      exitCode: 2,
      detail: 'd',
      logTail: ['the reason'],
      cause: undefined,
    },
    { code: 'disk-full', where: 'engine' },
    { code: 'image-missing', reference: 'a:b' },
    { code: 'source-unavailable', source: 'tar-split', detail: 'no' },
    { code: 'host-lost', detail: 'status 500' },
    { code: 'no-access' },
    { code: 'archive-invalid', problem: 'it ends early', atByte: 2_000_000 },
  ]
  const texts = failures.map(describeFailure)
  for (const { title, advice } of texts) {
    expect(title.length).toBeGreaterThan(8)
    expect(advice).toMatch(/\.$/)
  }
  expect(texts[14]!.title).toBe('Dockerfile:4: “RUN make” failed with exit code 2: the reason')
  expect(texts[11]!.title).toContain('Dockerfile:3')
})
