import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EngineError } from '../../../electron/core/failure'
import { entryKind, type LayerTable, LayerTableBuilder } from '../../../electron/core/image/layer-table'
import { nodePath } from '../../../electron/core/image/path-tree'
import { mergeLayers } from '../../../electron/core/image/rootfs'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { TarScanner } from '../../../electron/core/image/tar/scanner'
import { createChecksum } from '../../../electron/engine/images/checksum'
import { rawTar } from '../../support/raw-tar'
import { type Member, readLayer } from '../../support/tar'

/** Changes one header and makes its checksum right again. */
function patched(tar: Buffer, at: number, offset: number, bytes: string | readonly number[]): Buffer {
  const copy = Buffer.from(tar)
  Buffer.from(bytes as string, 'latin1').copy(copy, at + offset)
  copy.fill(0x20, at + 148, at + 156)
  const sum = copy.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1')
  return copy
}

const one = rawTar([['a', 'xxxx']])
const changed = (offset: number, bytes: string | readonly number[]): Buffer => patched(one, 0, offset, bytes)
/** An entry of a given type with a body, then a plain file. */
const extended = (type: string, body: string): Buffer =>
  patched(
    rawTar([
      ['x', body],
      ['a', 'xxxx'],
    ]),
    0,
    156,
    type,
  )
const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return length + rest
}
const members = (...list: Member[]): Buffer => rawTar(list)

const refused: readonly (readonly [string, Buffer, RegExp])[] = [
  ['a header with a wrong checksum', Buffer.from(one).fill(0x41, 3, 4), /wrong checksum/],
  ['a tar that ends in a header', one.subarray(0, 300), /middle of an entry/],
  ['a tar that ends in the content', one.subarray(0, 514), /middle of an entry/],
  ['a size that is no number', changed(124, 'zzzzzzzzzzz\0'), /bad number/],
  ['a size of 2^90', changed(124, [0x80, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), /bad number/],
  ['a size of 8 EB that is not there', changed(124, [0x80, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]), /middle of an entry/],
  ['an owner of 2^70', changed(108, [0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), /bad number/],
  ['a PAX record that is longer than its header', extended('x', '99 path=b\n'), /PAX record is malformed/],
  ['a PAX record without a value', extended('x', '9 abcdef\n'), /PAX record is malformed/],
  ['a PAX record without a length', extended('x', ' path=b\n'), /PAX record is malformed/],
  ['a PAX size that is a word', extended('x', record('size', 'big')), /size is not a number/],
  ['a PAX size below zero', extended('x', record('size', '-1')), /size is not a number/],
  ['a PAX size that is no whole number', extended('x', record('size', '1.5')), /size is not a number/],
  ['a PAX size beyond the end', extended('x', record('size', '999999')), /middle of an entry/],
  ['a PAX owner without end', extended('x', record('uid', 'Infinity')), /uid is not a number/],
  ['a PAX header of 1 GB', patched(extended('x', 'x'), 0, 124, '10000000000\0'), /too large/],
  ['a long name of 1 GB', patched(extended('L', 'x'), 0, 124, '10000000000\0'), /too large/],
  ['a PAX header of 2 MiB', extended('x', record('path', 'n'.repeat(2 << 20))), /too large/],
  ['a long name that is cut', extended('L', 'x'.repeat(2000)).subarray(0, 1500), /middle of an entry/],
  ['a sparse map that does not end', patched(extended('S', ''), 0, 482, '\x01').subarray(0, 512), /middle of an entry/],
  ['noise', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) & 255)), /wrong checksum/],
]

describe('a damaged tar is refused with a reason', () => {
  test.each(refused)('%s', async (_what, bytes, problem) => {
    const error = await readLayer(bytes, 100).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(EngineError)
    expect((error as EngineError).failure).toMatchObject({ code: 'archive-invalid' })
    expect((error as EngineError).message).toMatch(problem)
  })
})

/** A link with a megabyte of text of its own. */
function longEntry(type: string, at: number): Buffer {
  const text = `${at}${'a/'.repeat(500_000)}`
  const tar = rawTar([
    ['x', type === 'x' ? record('SCHILY.xattr.user.a', text) : text],
    [`f${at}`, { link: 'x' }],
  ])
  return patched(tar, 0, 156, type).subarray(0, -1024)
}

describe('a layer without end is given up', () => {
  test.each([
    ['long paths', 'L', /more than 8 million paths/],
    ['long link targets', 'K', /names and attributes in a layer are too long/],
    ['long attributes', 'x', /names and attributes in a layer are too long/],
  ])(
    '%s',
    async (_what, type, problem) => {
      const scanner = new TarScanner(new LayerTableBuilder(await createChecksum()))
      expect(() => {
        for (let at = 0; at < 400; at++) scanner.push(longEntry(type, at))
      }).toThrow(problem)
    },
    60_000,
  )
})

/** Path, kind and content bytes of all nodes but the root. */
const listed = (table: LayerTable): string[] =>
  Array.from(table.kind.keys())
    .slice(1)
    .map((node) => `${nodePath(table, node)} ${table.kind[node]} ${table.contentBytes[node]}`)
const { absent, file, folder, hardLink, impliedFolder, symlink } = entryKind

const odd: readonly (readonly [string, Buffer, readonly string[]])[] = [
  ['an empty tar', members(), []],
  ['one zero block', Buffer.alloc(512), []],
  ['nothing at all', Buffer.alloc(0), []],
  ['noise after the end', Buffer.concat([one, Buffer.alloc(700, 0x41)]), [`a ${file} 4`]],
  ['names that lead outside', members(['../../etc/passwd', 'x']), [`etc ${impliedFolder} 0`, `etc/passwd ${file} 1`]],
  ['names from the root', members(['/etc/x', 'x']), [`etc ${impliedFolder} 0`, `etc/x ${file} 1`]],
  ['names with dots and slashes', members(['.//a/./b//', '']), [`a ${impliedFolder} 0`, `a/b ${folder} 0`]],
  ['names that are only dots', members(['../..', ''], ['./', '']), []],
  ['a name with NUL', changed(0, 'b\0c'), [`b ${file} 4`]],
  ['names that differ in bytes that are no UTF-8', patched(changed(0, '\xff'), 0, 1, ''), [`\udcff ${file} 4`]],
  ['a file below a file', members(['a', 'x'], ['a/b', 'yy']), [`a ${file} 1`, `a/b ${file} 2`]],
  ['the same name twice', members(['a', 'x'], ['a', 'yyy']), [`a ${file} 3`]],
  ['a whiteout without a name', members(['.wh.', '']), [` ${absent} 0`]],
  ['a whiteout of what the layer adds', members(['.wh.a', ''], ['a', 'x']), [`a ${file} 1`]],
  ['metadata of an older file system', members(['.wh..wh.plnk', ''], ['.wh..wh.aufs', '']), []],
  ['an opaque mark with content', members(['d/', ''], ['d/.wh..wh..opq', 'xx']), [`d ${folder} 0`]],
  ['a hard link to itself', members(['h', { hardLink: 'h' }]), [`h ${hardLink} 0`]],
  ['a hard link to nothing', members(['h', { hardLink: 'gone' }]), [`h ${hardLink} 0`]],
  ['a hard link to outside', members(['h', { hardLink: '../../etc/shadow' }]), [`h ${hardLink} 0`]],
  ['a symlink with a size', patched(members(['s', { link: 't' }]), 0, 124, '00000000777\0'), [`s ${symlink} 0`]],
  ['a folder with a size', patched(members(['d/', '']), 0, 124, '00000000777\0'), [`d ${folder} 0`]],
  ['an unknown type', changed(156, 'Z'), [`a ${file} 4`]],
  ['a contiguous file', changed(156, '7'), [`a ${file} 4`]],
  [
    'a time before 1970',
    changed(136, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]),
    [`a ${file} 4`],
  ],
  ['a size in base 256', changed(124, [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4]), [`a ${file} 4`]],
  ['a PAX header that nothing follows', extended('x', record('path', 'b')).subarray(0, 1024), []],
  ['a global PAX header', extended('g', record('uid', '7')), [`a ${file} 4`]],
  ['a global PAX name, which engines ignore', extended('g', record('path', 'b')), [`a ${file} 4`]],
  [
    'a PAX name over a header name',
    extended('x', record('path', 'pax/b')),
    [`pax ${impliedFolder} 0`, `pax/b ${file} 4`],
  ],
  ['a GNU long name', extended('L', `${'n'.repeat(300)}\0`), [`${'n'.repeat(300)} ${file} 4`]],
  ['a name of 4,096 bytes', extended('x', record('path', 'n'.repeat(4096))), [`${'n'.repeat(4096)} ${file} 4`]],
  ['an empty PAX name', extended('x', record('path', '')), []],
]

describe('an odd tar is read for what it is', () => {
  test.each(odd)('%s', async (_what, bytes, wanted) => {
    for (const chunk of [bytes.length || 1, 77]) expect(listed(await readLayer(bytes, chunk))).toEqual(wanted)
  })

  test('a path of 2,000 folders', async () => {
    const path = Array.from({ length: 2000 }, (_, at) => `d${at}`).join('/')
    const table = await readLayer(extended('x', record('path', `${path}/f`)))
    expect(table.kind).toHaveLength(2002)
    expect(nodePath(table, 2001)).toBe(`${path}/f`)
    expect(mergeLayers([table]).entries).toBe(2001)
  })

  test('10,000 entries in one folder, and links that lead in a circle', async () => {
    const list = Array.from({ length: 10_000 }, (_, at): Member => [`d/${at}`, 'x'])
    const rootfs = mergeLayers([await readLayer(members(...list, ['a', { link: 'b' }], ['b', { link: 'a' }]))])
    expect([rootfs.entries, rootfs.visibleBytes]).toEqual([10_003, 10_000])
    expect(new RootfsPaths(rootfs).resolve('/a')).toEqual({ node: undefined, problem: 'its links lead in a circle' })
    expect(new RootfsPaths(rootfs).resolve('/d/../d/77')).toMatchObject({ path: '/d/77' })
  })

  test.each(['gnu', 'posix'])('a sparse file written by tar --format=%s keeps its length', async (format) => {
    const work = mkdtempSync(join(tmpdir(), 'cutaway-sparse-'))
    try {
      const script = `truncate -s 3000000 f; for at in 1 9 17 25 33 41; do printf x | dd of=f bs=1 seek=$((at * 65536)) conv=notrunc status=none; done; echo after > g; tar --sparse --format=${format} -cf t.tar f g`
      execFileSync('sh', ['-c', script], { cwd: work })
      const bytes = readFileSync(join(work, 't.tar'))
      expect(bytes.length).toBeLessThan(200_000)
      expect(listed(await readLayer(bytes, 1000))).toEqual([`f ${file} 3000000`, `g ${file} 6`])
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
})
