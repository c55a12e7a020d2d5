import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A small PNG: a red square of 8 by 8 pixels. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGP8z8Dwn4GBgYmBgQEADQwBBVq8H7YAAAAASUVORK5CYII=',
  'base64',
)

/** A program for Linux on x86-64 that ends at once with 0 and needs no library, made as long as is wished. */
function program(bytes: number): Buffer {
  const elf = Buffer.alloc(bytes)
  const base = 0x400000n
  elf.write('7f454c46020101', 'hex') // 64 bits, little endian, version 1
  elf.writeUInt16LE(2, 16) // executable
  elf.writeUInt16LE(62, 18) // x86-64
  elf.writeUInt32LE(1, 20)
  elf.writeBigUInt64LE(base + 120n, 24) // entry
  elf.writeBigUInt64LE(64n, 32) // program headers
  elf.writeUInt16LE(64, 52)
  elf.writeUInt16LE(56, 54)
  elf.writeUInt16LE(1, 56)
  elf.writeUInt32LE(1, 64) // load
  elf.writeUInt32LE(5, 68) // read and execute
  elf.writeBigUInt64LE(base, 80)
  elf.writeBigUInt64LE(base, 88)
  elf.writeBigUInt64LE(BigInt(bytes), 96)
  elf.writeBigUInt64LE(BigInt(bytes), 104)
  elf.writeBigUInt64LE(0x1000n, 112)
  elf.write('b83c00000031ff0f05', 120, 'hex') // exit(0)
  return elf
}

/** Folders of a made root file system: how many files, and how large the largest is. */
const folders: readonly (readonly [path: string, files: number, largestBytes: number])[] = [
  ['usr/lib/gcc/x86_64-linux-gnu/12', 30, 900_000],
  ['usr/include/linux', 220, 9_000],
  ['usr/lib/x86_64-linux-gnu', 60, 420_000],
  ['usr/bin', 80, 160_000],
  ['usr/share/doc/gcc', 90, 12_000],
  ['usr/share/locale/de', 24, 40_000],
  ['var/cache/apt/archives', 6, 800_000],
  ['usr/local/lib/python3.11/site-packages/shop', 120, 30_000],
]

/** All that the file system of the traditional image holds, the same each time. */
export function shopFiles(): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  let seed = 20261125
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  for (const [folder, count, largestBytes] of folders)
    for (let at = 0; at < count; at++) {
      const bytes = Math.ceil(largestBytes * random() ** 4) + 1
      files.set(`rootfs/${folder}/${nameOf(folder, at)}`, Buffer.alloc(bytes, at % 251))
    }
  files.set('rootfs/etc/passwd', Buffer.from('root:x:0:0:root:/root:/bin/sh\nshop:x:1000:1000::/:/bin/false\n'))
  files.set('rootfs/etc/empty', Buffer.alloc(0))
  files.set('rootfs/root/.npmrc', Buffer.from('//registry.example/:_authToken=not-a-real-token-0123456789abcdef\n'))
  files.set('app/shop.conf', Buffer.from('port = 8080\ncurrency = EUR\n'))
  files.set('app/logo.png', picture)
  files.set('app/shop', program(400_000))
  return files
}

const endings: Readonly<Record<string, string>> = {
  'usr/include/linux': '.h',
  'usr/lib/x86_64-linux-gnu': '.so.1',
  'var/cache/apt/archives': '.deb',
  'usr/share/doc/gcc': '.txt',
}

const nameOf = (folder: string, at: number): string =>
  `${folder.split('/').at(-1)!.replace(/\W/g, '')}-${at}${endings[folder] ?? ''}`

export const traditional = `# One stage: all that built it ships.
FROM scratch
COPY rootfs /
COPY app /app/
COPY app/shop.conf /etc/shop.conf
COPY app/shop.conf /root/.npmrc
CMD ["/app/shop"]
`

export const multiStage = `# Only what the shop needs.
FROM scratch AS build
COPY rootfs /
COPY app /app/

FROM scratch
COPY --from=build /usr/local/lib/python3.11/site-packages/shop /usr/local/lib/python3.11/site-packages/shop
COPY --from=build /app /app
COPY app/logo.png /etc/shop.conf
CMD ["/app/shop"]
`

export interface ShopFolder {
  readonly folder: string
  readonly remove: () => void
}

/** The project in a folder: at a given place, where its path is to be seen, else in a new one. */
export function makeShop(place?: string): ShopFolder {
  const parent = place === undefined ? mkdtempSync(join(tmpdir(), 'cutaway-shop-')) : place
  rmSync(parent, { recursive: true, force: true })
  const folder = join(parent, 'shop')
  for (const [path, bytes] of shopFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes, { mode: /\/bin\/|^app\/shop$/.test(path) ? 0o755 : 0o644 })
  }
  writeFileSync(join(folder, 'Dockerfile'), traditional)
  writeFileSync(join(folder, 'Dockerfile.multistage'), multiStage)
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) }
}
