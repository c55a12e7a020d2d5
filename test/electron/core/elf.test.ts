import { describe, expect, test } from 'vitest'
import { isElf, readElf } from '../../../electron/core/image/elf'
import { type ElfParts, makeElf } from '../../support/elf'

describe('an ELF file tells its architecture, loader, libraries and folders', () => {
  const forms: readonly ElfParts[] = [
    { bits: 64 },
    { bits: 64, isBig: true },
    { bits: 32 },
    { bits: 32, isBig: true },
    { bits: 64, base: 0 },
  ]
  test.each(forms)('%j', (form) => {
    const parts = { interpreter: '/lib/ld.so', needed: ['libc.so.6', 'libm.so.6'], rpath: '/a::/b', runpath: '$ORIGIN' }
    expect(readElf(makeElf({ ...form, ...parts, machine: 183 }))).toEqual({
      architecture: 'arm64',
      interpreter: '/lib/ld.so',
      needed: ['libc.so.6', 'libm.so.6'],
      rpath: ['/a', '/b'],
      runpath: ['$ORIGIN'],
    })
  })
  test('a static program asks for nothing', () => {
    const nothing = { interpreter: undefined, needed: [], rpath: [], runpath: [] }
    expect(readElf(makeElf())).toEqual({ architecture: 'amd64', ...nothing })
    expect(readElf(makeElf({ machine: 9999 }))).toEqual({ architecture: undefined, ...nothing })
  })
})

test('what is not an ELF file, or ends in the middle, is none', () => {
  const whole = makeElf({ interpreter: '/lib/ld.so', needed: ['libc.so.6'] })
  expect(isElf(whole)).toBe(true)
  for (let at = 0; at < 4; at++) {
    const other = whole.slice()
    other[at] = 0x20
    expect(isElf(other)).toBe(false)
    expect(readElf(other)).toBeUndefined()
  }
  expect(readElf(new Uint8Array())).toBeUndefined()
  expect(readElf(whole.subarray(0, 64))).toBeUndefined()
})

test('a text outside the file is damage, not a name', () => {
  const bytes = makeElf({ interpreter: '/lib/ld.so' })
  const view = new DataView(bytes.buffer)
  const interpreterOffset = 64 + 56 + 8
  const at = Number(view.getBigUint64(interpreterOffset, true))
  expect(readElf(bytes)?.interpreter).toBe('/lib/ld.so')
  view.setBigUint64(interpreterOffset, BigInt(bytes.length), true)
  expect(readElf(bytes)).toBeUndefined()
  view.setBigUint64(interpreterOffset, BigInt(bytes.length - 1), true)
  expect(readElf(bytes)?.interpreter).toBe('')
  view.setBigUint64(interpreterOffset, BigInt(at), true)
  bytes[bytes.length - 1] = 0x41
  expect(readElf(bytes)).toBeUndefined()
})
