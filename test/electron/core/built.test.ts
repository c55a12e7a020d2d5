import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { BuiltFinding } from '../../../electron/core/findings/built/built-image'
import { checkBuiltImage } from '../../../electron/core/findings/built/check-image'
import { readElf } from '../../../electron/core/image/elf'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { type ElfParts, makeElf } from '../../support/elf'
import { layer, type Member } from '../../support/tar'

interface Config {
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly WorkingDir?: string
  readonly User?: string
}

/** Rules that are found in an image of one layer with these files. */
async function findingsOf(config: Config, members: readonly Member[], baseLayers = 0): Promise<BuiltFinding[]> {
  const configJson = JSON.stringify({ architecture: 'amd64', rootfs: { diff_ids: ['sha256:0'] }, config })
  const parts = { imageId: 'sha256:x', source: 'export-stream' as const, configJson, tables: [await layer(members)] }
  const { rootfs, config: read } = makeImageIndex(parts)
  const texts = new Map(members.map(([name, content]) => [`/${name}`, content]))
  const paths = new RootfsPaths(rootfs)
  return checkBuiltImage({
    run: read.run,
    architecture: read.architecture,
    rootfs,
    paths,
    baseLayers,
    read: async (path) => {
      const { node, ...rest } = paths.resolve(path)
      const content = node === undefined ? undefined : texts.get((rest as { path: string }).path)
      return typeof content === 'string' ? Buffer.from(content, 'latin1') : undefined
    },
  })
}

async function rules(config: Config, members: readonly Member[]): Promise<string[]> {
  return (await findingsOf(config, members)).map(({ rule, severity }) => `${severity} ${rule}`)
}

const elf = (bytes = readFileSync(process.execPath).subarray(0, 64)): string => bytes.toString('latin1')
const shell: readonly Member[] = [
  ['bin/sh', elf(), 0o755],
  ['usr/bin/env', elf(), 0o755],
]

describe('what an image starts', () => {
  test.each<[string, Config, readonly Member[], string[]]>([
    ['nothing', {}, [], ['warning no-command']],
    ['a program by its path', { Cmd: ['/app'] }, [['app', elf(), 0o755]], []],
    ['a program that is not there', { Cmd: ['/app'] }, [], ['error program-missing']],
    ['a folder', { Cmd: ['/app'] }, [['app/']], ['error program-missing']],
    ['a program in PATH', { Entrypoint: ['app'], Env: ['PATH=/x:/opt/bin'] }, [['opt/bin/app', elf(), 0o755]], []],
    [
      'one outside PATH',
      { Entrypoint: ['app'], Env: ['PATH=/x'] },
      [['opt/bin/app', elf(), 0o755]],
      ['error program-missing'],
    ],
    ['a relative path', { Cmd: ['./run'], WorkingDir: '/srv' }, [['srv/run', elf(), 0o755]], []],
    [
      'a link',
      { Cmd: ['/run'] },
      [
        ['run', { link: 'real/run' }],
        ['real/run', elf(), 0o755],
      ],
      [],
    ],
    ['no right to execute', { Cmd: ['/app'] }, [['app', elf(), 0o644]], ['error program-not-executable']],
    ['a shell’s command', { Cmd: ['/bin/sh', '-c', 'exec app --flag'] }, shell, ['error program-missing']],
    ['a variable before it', { Cmd: ['/bin/sh', '-c', 'A=1 B="2 3" env'] }, shell, []],
    ['variables alone', { Cmd: ['/bin/sh', '-c', 'A=1'] }, shell, []],
    ['a builtin', { Cmd: ['/bin/sh', '-c', 'command app'] }, shell, []],
    ['what only a shell can tell', { Cmd: ['/bin/sh', '-c', 'app && other'] }, shell, []],
    [
      'a wrapper',
      { Entrypoint: ['/bin/tini', '-g', '--', 'app'] },
      [['bin/tini', elf(), 0o755]],
      ['error program-missing'],
    ],
    ['a script', { Cmd: ['/run.sh'] }, [...shell, ['run.sh', '#!/bin/sh\necho\n', 0o755]], []],
    [
      'a script by env',
      { Cmd: ['/run'] },
      [...shell, ['run', '#!/usr/bin/env -S node x\n', 0o755]],
      ['error program-missing'],
    ],
    [
      'a script for Windows',
      { Cmd: ['/run'] },
      [...shell, ['run', '#!/bin/sh\r\n', 0o755]],
      ['error script-with-carriage-returns'],
    ],
    ['a text', { Cmd: ['/run'] }, [...shell, ['run', 'echo\n', 0o755]], ['error script-without-interpreter']],
    [
      'a script that is missing',
      { Cmd: ['python3', 'a.py'] },
      [['usr/bin/python3', elf(), 0o755]],
      ['error script-missing'],
    ],
    ['a module', { Cmd: ['python3', '-m', 'app.py'] }, [['usr/bin/python3', elf(), 0o755]], []],
    [
      'a jar that is missing',
      { Cmd: ['java', '-Xmx1g', '-jar', '/a.jar'] },
      [['usr/bin/java', elf(), 0o755]],
      ['error script-missing'],
    ],
    ['a user by number', { Cmd: ['/app'], User: '7:7' }, [['app', elf(), 0o755]], []],
    [
      'a user that is known',
      { Cmd: ['/app'], User: 'a' },
      [
        ['app', elf(), 0o755],
        ['etc/passwd', 'root:x\na:x:1\n'],
      ],
      [],
    ],
    [
      'a user that is not',
      { Cmd: ['/app'], User: 'a' },
      [
        ['app', elf(), 0o755],
        ['etc/passwd', 'ab:x:1\n'],
      ],
      ['error user-unknown'],
    ],
    [
      'a link that leads nowhere',
      { Cmd: ['/app'] },
      [
        ['app', elf(), 0o755],
        ['opt/venv/bin/python', { link: '/usr/bin/python3' }],
      ],
      ['warning link-dangling'],
    ],
  ])('%s', async (_, config, members, expected) => {
    expect(await rules(config, members)).toEqual(expected)
  })
})

describe('ELF files', () => {
  const node = readFileSync(process.execPath)
  test('the program that runs this test: its loader and libraries', () => {
    const found = readElf(node)!
    expect(found.architecture).toBe({ x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'])
    expect(found.interpreter).toMatch(/^\/lib(64)?\/ld-/)
    expect(found.needed).toContain('libc.so.6')
  })
  test('damaged ones are told nothing of, and nothing is thrown', () => {
    expect(readElf(Buffer.from('#!/bin/sh'))).toBeUndefined()
    for (let seed = 1; seed < 3000; seed++) {
      const head = Buffer.from(node.subarray(0, 4096))
      head[(seed * 7919) % 4096] = (seed * 31) & 0xff
      head[4 + (seed % 64)] = seed & 0xff
      expect(() => readElf(head.subarray(0, 1 + ((seed * 13) % 4096)))).not.toThrow()
    }
  })
})

const program = (parts: ElfParts): string => Buffer.from(makeElf(parts)).toString('latin1')
const app = (parts: ElfParts): Member => ['opt/bin/app', program(parts), 0o755]
const start: Config = { Cmd: ['/opt/bin/app'] }

describe('what a program needs to start', () => {
  test.each<[string, readonly Member[], readonly string[], Config?]>([
    ['nothing, when it is static', [app({})], []],
    ['the processor of the image', [app({ machine: 183, interpreter: '/no' })], ['other-architecture /opt/bin/app']],
    ['a processor that nobody names', [app({ machine: 9999 })], []],
    ['its loader', [app({ interpreter: '/lib/ld.so', needed: ['liba.so'] })], ['loader-missing /opt/bin/app']],
    ['its loader, which is there', [app({ interpreter: '/lib/ld.so' }), ['lib/ld.so', '']], []],
    [
      'its libraries',
      [app({ needed: ['liba.so', 'libb.so'] }), ['lib/libb.so', program({})]],
      ['library-missing liba.so'],
    ],
    [
      'what its libraries need',
      [app({ needed: ['liba.so'] }), ['usr/lib/liba.so', program({ needed: ['libb.so'] })]],
      ['library-missing libb.so'],
    ],
    ['no loader by its name', [app({ needed: ['ld-linux-x86-64.so.2'] })], []],
    [
      'the C library of Alpine, which is its loader',
      [
        app({ interpreter: '/lib/ld-musl-x86_64.so.1', needed: ['libc.musl-x86_64.so.1'] }),
        ['lib/ld-musl-x86_64.so.1', ''],
      ],
      [],
    ],
    [
      'the C library of Debian',
      [app({ interpreter: '/lib/ld-linux.so.2', needed: ['libc.so.6'] }), ['lib/ld-linux.so.2', '']],
      ['library-missing libc.so.6'],
    ],
    ['a library by its path', [app({ needed: ['/x/liba.so'] }), ['x/liba.so', '']], []],
    [
      'a library of its own folder',
      [app({ needed: ['liba.so'], rpath: '$ORIGIN/../lib' }), ['opt/lib/liba.so', '']],
      [],
    ],
    [
      'a library of its own folder, after',
      [app({ needed: ['liba.so'], runpath: '${ORIGIN}' }), ['opt/bin/liba.so', '']],
      [],
    ],
    [
      'no rpath where there is a runpath',
      [app({ needed: ['liba.so'], rpath: '/r', runpath: '/n' }), ['r/liba.so', '']],
      ['library-missing liba.so'],
    ],
    [
      'a folder of the environment',
      [app({ needed: ['liba.so'] }), ['e/liba.so', '']],
      [],
      { ...start, Env: ['LD_LIBRARY_PATH=:/e'] },
    ],
    ['a folder of the architecture', [app({ needed: ['liba.so'] }), ['usr/lib/x86_64-linux-gnu/liba.so', '']], []],
    ['a configured folder', [app({ needed: ['liba.so'] }), ['c/liba.so', ''], ['etc/ld.so.conf', '# x\n/c\n']], []],
    ['an included folder', [app({ needed: ['liba.so'] }), ['c/liba.so', ''], ['etc/ld.so.conf.d/x.conf', ' /c ']], []],
    ['a folder of musl', [app({ needed: ['liba.so'] }), ['c/liba.so', ''], ['etc/ld-musl-x86_64.path', '/lib:/c']], []],
    [
      'a library of an add-on',
      [app({}), ['app/node_modules/a/a.node', program({ needed: ['liba.so'] })]],
      ['library-missing liba.so'],
    ],
    [
      'no library of an add-on for another system',
      [app({}), ['app/node_modules/a/prebuilds/a.node', program({ needed: ['liba.so'] })]],
      [],
    ],
    ['no library of what is no add-on', [app({}), ['app/a.so', program({ needed: ['liba.so'] })]], []],
  ])('%s', async (_, members, expected, config = start) => {
    const found = await findingsOf(config, members)
    const named = found.map(
      ({ rule, path, what }) => `${rule} ${rule === 'library-missing' ? /library (\S+),/.exec(what)![1] : path}`,
    )
    expect(named).toEqual(expected)
  })
  test('add-ons of the base image are the base’s own', async () => {
    const members: readonly Member[] = [app({}), ['app/node_modules/a/a.node', program({ needed: ['liba.so'] })]]
    expect((await findingsOf(start, members)).map(({ severity }) => severity)).toEqual(['warning'])
    expect(await findingsOf(start, members, 1)).toEqual([])
  })
})

test('every finding about an image, to be read over', async () => {
  const images: readonly (readonly [Config, readonly Member[]])[] = [
    [{}, []],
    [start, []],
    [start, [['opt/bin/app/']]],
    [{ Cmd: ['app'], Env: ['PATH=/a:/b'] }, []],
    [start, [['opt/bin/app', elf(), 0o644]]],
    [start, [['opt/bin/app', 'text', 0o755]]],
    [start, [['opt/bin/app', '#!/bin/sh\r\n', 0o755]]],
    [start, [['opt/bin/app', '#!/bin/sh\n', 0o755]]],
    [{ Cmd: ['python3', 'a.py'], WorkingDir: '/srv' }, [['usr/bin/python3', elf(), 0o755]]],
    [start, [app({ machine: 183 })]],
    [start, [app({ interpreter: '/lib/ld-musl-x86_64.so.1' })]],
    [start, [app({ interpreter: '/lib64/ld-linux-x86-64.so.2' })]],
    [start, [app({ needed: ['liba.so'] })]],
    [{ ...start, User: 'web' }, [app({})]],
    [{ ...start, User: 'web:web' }, [app({})]],
    [{ ...start, User: '1:web' }, [app({})]],
    [
      start,
      [
        app({}),
        ['usr/bin/x', { link: '/gone' }],
        ['usr/bin/y', { link: '/proc/self/exe' }],
        ['usr/x', { link: '/gone' }],
      ],
    ],
  ]
  const texts: string[] = []
  for (const [config, members] of images)
    for (const { rule, severity, path, what, why, fix } of await findingsOf(config, members))
      texts.push(`${severity} ${rule} ${path}\n  ${what}\n  ${why}\n  ${fix}\n`)
  await expect(texts.join('\n')).toMatchFileSnapshot('../../corpus/sentences/built-findings.txt')
})
