import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkBuiltImage } from '../../../electron/core/findings/built/check-image'
import { readElf } from '../../../electron/core/image/elf'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { layer, type Member } from '../../support/tar'

interface Config {
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly WorkingDir?: string
  readonly User?: string
}

/** Rules that are found in an image of one layer with these files. */
async function rules(config: Config, members: readonly Member[]): Promise<string[]> {
  const configJson = JSON.stringify({ architecture: 'amd64', rootfs: { diff_ids: ['sha256:0'] }, config })
  const parts = { imageId: 'sha256:x', source: 'export-stream' as const, configJson, tables: [await layer(members)] }
  const { rootfs, config: read } = makeImageIndex(parts)
  const texts = new Map(members.map(([name, content]) => [`/${name}`, content]))
  const paths = new RootfsPaths(rootfs)
  const found = await checkBuiltImage({
    run: read.run,
    architecture: read.architecture,
    rootfs,
    paths,
    baseLayers: 0,
    read: async (path) => {
      const { node, ...rest } = paths.resolve(path)
      const content = node === undefined ? undefined : texts.get((rest as { path: string }).path)
      return typeof content === 'string' ? Buffer.from(content, 'latin1') : undefined
    },
  })
  return found.map(({ rule, severity }) => `${severity} ${rule}`)
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
