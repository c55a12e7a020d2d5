import { describe, expect, test } from 'vitest'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { readCapabilities } from '../../../electron/core/surface/capabilities'
import { compareSurfaces, longestSurfaceList } from '../../../electron/core/surface/compare-surface'
import type { SurfaceItem } from '../../../electron/core/surface/item'
import { secretByName, secretFinder, secretVariables } from '../../../electron/core/surface/secrets'
import { startScripts } from '../../../electron/core/surface/start-scripts'
import { attackSurface, type Surface, surfaceCategories } from '../../../electron/core/surface/surface'
import { encodeUtf8 } from '../../../electron/core/utf8'
import { layer, type Member } from '../../support/tar'

interface Given {
  readonly members?: readonly Member[]
  readonly config?: object
  readonly passwd?: string
  readonly secrets?: readonly { readonly path: string; readonly what: string }[]
  readonly ownedPath?: string
}

/** Every category that has something, as `name (detail)`. */
async function surfaceOf(given: Given): Promise<Partial<Record<string, string[]>>> {
  const { members = [], config = { User: '1' }, passwd = '', secrets = [], ownedPath } = given
  const configJson = JSON.stringify({ config, rootfs: { diff_ids: ['sha256:0'] } })
  const tables = [await layer(members)]
  const index = makeImageIndex({ imageId: 'sha256:x', source: 'export-stream', configJson, tables })
  const paths = new RootfsPaths(index.rootfs)
  const owner = new Int32Array(index.rootfs.kind.length).fill(-1)
  if (ownedPath !== undefined) owner[paths.locate(ownedPath)!] = 0
  const installed = { packages: [], owner, bytes: new Float64Array() }
  const surface = attackSurface({ rootfs: index.rootfs, paths, run: index.config.run, installed, secrets, passwd })
  return Object.fromEntries(
    Object.entries(surface)
      .filter(([, items]) => items.length > 0)
      .map(([category, items]) => [
        category,
        items.map(({ name, detail }) => (detail === '' ? name : `${name} (${detail})`)),
      ]),
  )
}

describe('the attack surface of an image', () => {
  test.each<[string, Given, Partial<Record<string, string[]>>]>([
    ['of nothing is nothing', {}, {}],
    [
      'counts executable files, and neither folders nor links to them',
      { members: [['a/'], ['a/run', '', 0o755], ['a/group', '', 0o010], ['a/text', ''], ['a/link', { link: 'run' }]] },
      { executables: ['/a/group', '/a/run'] },
    ],
    [
      'names setuid and setgid files with whom they run as',
      {
        members: [
          ['su', '', 0o4755],
          ['wall', '', 0o2755],
          ['both', '', 0o6644],
          ['shared/', '', 0o2755],
        ],
      },
      {
        executables: ['/su', '/wall'],
        setuid: ['/both (as user 0)', '/su (as user 0)'],
        setgid: ['/both (as group 0)', '/wall (as group 0)'],
      },
    ],
    [
      'has what everybody can write, but for sticky folders',
      {
        members: [
          ['open/', '', 0o777],
          ['tmp/', '', 0o1777],
          ['file', '', 0o666],
          ['odd', '', 0o1646],
        ],
      },
      { worldWritable: ['/file (0666)', '/odd (1646)', '/open (0777)'] },
    ],
    [
      'has shared libraries by their names',
      {
        members: [['a.so', ''], ['b.so.1.2', ''], ['c.so.x', ''], ['d.so/'], ['e.sob', '']],
      },
      { sharedLibraries: ['/a.so', '/b.so.1.2'] },
    ],
    [
      'has tools where programs are found, several names of one file once',
      {
        members: [
          ['bin/busybox', 'b', 0o755],
          ['bin/sh', { link: 'busybox' }],
          ['bin/ash', { link: '/bin/busybox' }],
          ['bin/zsh', { link: 'gone' }],
          ['bin/dash/'],
          ['sbin/bash', 'text', 0o644],
          ['usr/share/doc/bash', 'b', 0o755],
          ['usr/lib/gcc/12/cc1', 'c', 0o755],
          ['usr/bin/gcc', 'g', 0o755],
          ['usr/bin/cc', { hardLink: 'usr/bin/gcc' }, 0o755],
        ],
      },
      {
        shells: ['/bin/busybox (also sh, ash)'],
        compilers: ['/usr/bin/gcc (also cc)', '/usr/lib/gcc/12/cc1'],
        executables: ['/bin/busybox', '/usr/bin/cc', '/usr/bin/gcc', '/usr/lib/gcc/12/cc1', '/usr/share/doc/bash'],
      },
    ],
    [
      'has git history and secrets that no package brings',
      {
        members: [
          ['app/.git/HEAD', 'ref'],
          ['HEAD', ''],
          ['a.pem', 'k'],
          ['b.pem', 'k'],
        ],
        secrets: [
          { path: 'b.pem', what: 'private key' },
          { path: 'a.pem', what: 'private key' },
        ],
        ownedPath: 'a.pem',
      },
      { secrets: ['/app/.git (git history)', '/b.pem (private key)'] },
    ],
    [
      'has variables that are named like secrets',
      { config: { User: '1', Env: ['DB_PASSWORD=x', 'PATH=/bin'] } },
      { secrets: ['ENV DB_PASSWORD (in the image config)'] },
    ],
    [
      'has ports and users that can log in',
      {
        members: [
          ['bin/sh', '', 0o755],
          ['bin/false', '', 0o755],
        ],
        config: { User: '1', ExposedPorts: { '80/tcp': {} } },
        passwd: 'root:x:0:0::/root:/bin/sh\nnone:x:5:5::/:\nz:x:1:1::/:/bin/zsh\nf:x:2:2::/:/bin/false\nshort:x\n',
      },
      {
        exposedPorts: ['80/tcp'],
        usersWithShell: ['none (uid 5, /bin/sh)', 'root (uid 0, /bin/sh)'],
        shells: ['/bin/sh'],
        executables: ['/bin/false', '/bin/sh'],
      },
    ],
    ['runs as root where nothing is said', { config: {} }, { rootUser: ['root (no USER is set)'] }],
    ['runs as root by name', { config: { User: 'root:app' } }, { rootUser: ['root'] }],
    ['runs as root by number', { config: { User: '00' } }, { rootUser: ['00'] }],
    ['runs as somebody else', { config: { User: '10' } }, {}],
  ])('%s', async (_, given, expected) => {
    expect(await surfaceOf(given)).toEqual(expected)
  })
})

/** The attribute as a tar header has it: revision, then permitted and inheritable bits, in two halves. */
function capability(...words: readonly number[]): string {
  return words.map((word) => String.fromCharCode(...[0, 8, 16, 24].map((shift) => (word >>> shift) & 0x7f))).join('')
}

test.each([
  ['net_bind_service', capability(0x0200_0001, 1 << 10, 0, 0, 0), 'cap_net_bind_service'],
  ['the first of either half', capability(0x0200_0001, 1, 0, 1, 0), 'cap_chown,cap_mac_override'],
  ['an old one of one half', capability(0x0100_0001, 2, 0), 'cap_dac_override'],
  ['nothing permitted', capability(0x0200_0001, 0, 1, 0, 1), undefined],
  ['one that is too short', capability(0x0100_0001, 2), undefined],
])('capabilities: %s', (_, attribute, expected) => {
  expect(readCapabilities(attribute)).toBe(expected)
})

describe('secrets in files', () => {
  const found = (path: string, content: string): string | undefined => {
    const finder = secretFinder()
    const file = { path, name: path, contentBytes: content.length, isExecutable: false }
    if (finder.wants(file)) void finder.take(path, new Uint8Array(encodeUtf8(content)))
    return finder.finish()[0]?.what
  }
  test.each([
    ['root/.ssh/id_rsa', '-----BEGIN OPENSSH PRIVATE KEY-----', 'private key'],
    ['root/.ssh/id_rsa', 'nothing', undefined],
    ['a.pem', '-----BEGIN CERTIFICATE-----', undefined],
    ['a.p12', 'x', 'key store'],
    ['.npmrc', '//r/:_authToken=abc', 'npm token'],
    ['.npmrc', '//r/:_authToken=$TOKEN', undefined],
    ['.env', 'A=1', 'environment file'],
    ['.env.example', 'A=1', undefined],
    ['notes.txt', 'password', undefined],
  ])('%s with %j', (path, content, expected) => {
    expect(found(path, content)).toBe(expected)
  })
  test('a file of a million bytes is looked into, a larger one is not', () => {
    const finder = secretFinder()
    const wants = (contentBytes: number): boolean =>
      finder.wants({ path: 'a.pem', name: 'a.pem', contentBytes, isExecutable: false })
    expect([wants(1e6), wants(1e6 + 1)]).toEqual([true, false])
  })
  test('they are listed by path', () => {
    const finder = secretFinder()
    for (const path of ['b.p12', 'a.p12', 'c.p12']) void finder.take(path, Uint8Array.of(65))
    expect(finder.finish().map(({ path }) => path)).toEqual(['a.p12', 'b.p12', 'c.p12'])
  })
  test('a name alone says what a hidden file may be', () => {
    expect(['x/id_rsa', 'x/.git/config', 'x/readme'].map(secretByName)).toEqual([
      'private key',
      'git history',
      undefined,
    ])
  })
  test('a variable without a value, or with the name of a file, is none', () => {
    expect(secretVariables({ API_KEY: 'x', TOKEN: '', SECRET_FILE: '/x', tokens: 'x' })).toEqual(['API_KEY'])
  })
})

test('scripts are the files that the command names and that begin with #!', async () => {
  const members: readonly Member[] = [
    ['start.sh', ''],
    ['app/run.sh', ''],
    ['app/data', ''],
  ]
  const configJson = JSON.stringify({
    config: { Entrypoint: ['/start.sh', 'run.sh'], Cmd: ['data', '/gone.sh'], WorkingDir: '/app' },
    rootfs: { diff_ids: ['sha256:0'] },
  })
  const tables = [await layer(members)]
  const { rootfs, config } = makeImageIndex({ imageId: 'sha256:x', source: 'export-stream', configJson, tables })
  const scripts = startScripts(config.run, new RootfsPaths(rootfs))
  const wants = (path: string, contentBytes = 9): boolean =>
    scripts.wants({ path, name: path, contentBytes, isExecutable: false })
  expect(['start.sh', 'app/run.sh', 'app/data', 'gone.sh'].map((path) => wants(path))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([wants('start.sh', 200_000), wants('start.sh', 200_001)]).toEqual([true, false])
  for (const text of ['#!/bin/sh', '# no', '!!', '']) void scripts.take('start.sh', new Uint8Array(encodeUtf8(text)))
  expect(scripts.finish()).toEqual(['#!/bin/sh'])
})

test('two surfaces are joined by name, and lists are cut where counts are not', () => {
  const none = Object.fromEntries(surfaceCategories.map((category) => [category, []])) as unknown as Surface
  const items = (count: number, prefix: string): SurfaceItem[] =>
    Array.from({ length: count }, (_, at) => ({ name: `${prefix}${at}`, detail: '' }))
  const most = longestSurfaceList + 1
  const lines = compareSurfaces(
    { ...none, packages: [...items(most, 'gone'), ...items(most, 'kept')] },
    { ...none, packages: [...items(most, 'kept'), ...items(most, 'new')] },
  )
  const { before, after, both, gone, stays, added } = lines.find(({ category }) => category === 'packages')!
  expect([before, after, both]).toEqual([2 * most, 2 * most, most])
  expect([gone, stays, added]).toEqual([
    items(longestSurfaceList, 'gone'),
    items(longestSurfaceList, 'kept'),
    items(longestSurfaceList, 'new'),
  ])
})
