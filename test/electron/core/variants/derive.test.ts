import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../../electron/core/dockerfile/stages'
import { noSettings } from '../../../../electron/core/image/image-settings'
import { readLoaderCache } from '../../../../electron/core/image/loader-cache'
import { systemPackagesReader } from '../../../../electron/core/packages/system-packages'
import { buildStageText } from '../../../../electron/core/variants/derive/build-stage'
import {
  candidateReferences,
  type DerivationTarget,
  scratchFacts,
} from '../../../../electron/core/variants/derive/candidates'
import { checkDerived } from '../../../../electron/core/variants/derive/check'
import { Derivation, noLessons } from '../../../../electron/core/variants/derive/derive'
import { PackageOwners } from '../../../../electron/core/variants/derive/evidence'
import { withoutShell } from '../../../../electron/core/variants/derive/exec-form'
import { ImageFiles } from '../../../../electron/core/variants/derive/image-files'
import { commandWords } from '../../../../electron/core/variants/derive/programs'
import { type ImageOptions, imageOf, layerOf, packageOf, type Tree } from './derive-support'

const executable = { mode: 0o755 }
const script = (text: string) => ({ content: `#!/bin/sh\n${text}`, ...executable })
const system: Tree = {
  '/bin/sh': script(''),
  '/etc/passwd': 'root',
  '/usr/bin': undefined,
  '/usr/local/bin': undefined,
  '/opt': undefined,
}
const baseLayer = layerOf(0, system)
const base = imageOf([baseLayer], { reference: 'debian:bookworm' })
const slim = imageOf([layerOf(0, system)], { reference: 'debian:bookworm-slim' })
const dockerfile = parseStages('FROM debian:bookworm\nRUN x\n').value

interface Case extends ImageOptions {
  readonly added: Tree
  readonly target?: DerivationTarget
}

async function derive({ added, target = 'multi-stage', ...options }: Case) {
  const image = imageOf([baseLayer, layerOf(1, added)], { createdBy: ['', 'RUN x'], ...options })
  const candidates = target === 'minimal' ? [scratchFacts] : [slim, base]
  return new Derivation(image, base, buildStageText(dockerfile, 0), target).derive(candidates, noLessons)
}

/** The lines below the user's own. */
async function linesOf(options: Case): Promise<string[]> {
  const derived = await derive(options)
  if (!derived.ok) throw new Error(derived.problem)
  expect(derived.value.text.startsWith('FROM debian:bookworm AS build\nRUN x\n')).toBe(true)
  return derived.value.text
    .trimEnd()
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
}

const runsApp = { command: ['/app/run'], workdir: '/app' }

describe('a second stage from what the first image holds', () => {
  test('what the build wrote ships at its place, caches and temporary files stay', async () => {
    const added = {
      '/app/run': script('exit'),
      '/app/notes.txt': 'x',
      '/root/.cache/pip/big': 'x',
      '/root/.cache/models/kept': 'x',
      '/tmp/x': 'x',
      '/opt/tool/share/a': 'x',
      '/opt/tool/bin/b': 'x',
    }
    expect(await linesOf({ added, settings: runsApp })).toEqual([
      'FROM debian:bookworm-slim',
      'COPY --from=build /opt/tool /opt/tool',
      'COPY --from=build /app /app',
      'COPY --from=build /root/.cache/models /root/.cache/models',
      'WORKDIR /app',
      'CMD ["/app/run"]',
    ])
  })

  test('owners, modes, links and empty folders that COPY does not carry over are put right', async () => {
    const added = {
      '/app': { uid: 7, gid: 8, mode: 0o2750 },
      '/app/run': script('exit'),
      '/usr/local/bin/run': '-> /app/run',
      '/data': { uid: 7, gid: 7 },
      '/etc/passwd': 'root and app',
    }
    expect(await linesOf({ added, settings: { ...runsApp, user: 'app' } })).toEqual([
      'FROM debian:bookworm-slim',
      'COPY --from=build /etc/passwd /etc/',
      'COPY --from=build /app /app',
      'COPY --from=build /data /data',
      'RUN chown 7:8 /app \\',
      ' && chmod 2750 /app \\',
      ' && chown 7:7 /data \\',
      ' && mkdir -p /usr/local/bin && rm -rf /usr/local/bin/run && ln -s /app/run /usr/local/bin/run',
      'WORKDIR /app',
      'USER app',
      'CMD ["/app/run"]',
    ])
  })

  test('packages that were asked for are installed again, those for building are not', async () => {
    const listed = (name: string) => [`/var/lib/dpkg/info/${name}.list`, '/x']
    const packages = [
      packageOf('curl', ['/usr/bin/curl'], {
        isManual: true,
        recommends: ['ca-certificates'],
        depends: [['libcurl4']],
      }),
      packageOf('ca-certificates', []),
      packageOf('libcurl4', ['/usr/lib/libcurl.so']),
      packageOf('gcc', ['/usr/bin/gcc'], { isManual: true }),
      packageOf('libpq-dev', [], { isManual: true, section: 'libdevel' }),
      packageOf('perl-thing', ['/usr/bin/thing']),
    ]
    const added = {
      '/app/run': script('exec thing'),
      ...Object.fromEntries(packages.map(({ name }) => listed(name))),
      '/usr/bin/curl': { content: 'elf', ...executable },
      '/usr/bin/gcc': { content: 'elf', ...executable },
      '/usr/bin/thing': { content: 'elf', ...executable },
      '/usr/lib/libcurl.so': 'lib',
    }
    const lines = await linesOf({ added, packages, settings: runsApp })
    expect(lines[2]).toBe(
      ' && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates curl perl-thing \\',
    )
  })

  test('an interpreter comes with its modules, also with those that a build tool brought along', async () => {
    const php = { source: 'php8.2' }
    const packages = [
      packageOf('php-cli', [], { isManual: true }),
      packageOf('composer', ['/usr/bin/composer'], { isManual: true, depends: [['php8.2-intl']] }),
      packageOf('php8.2-cli', ['/usr/bin/php8.2'], { ...php, depends: [['php8.2-common']] }),
      packageOf('php8.2-common', [], php),
      packageOf('php8.2-intl', [], { ...php, depends: [['php8.2-common']] }),
    ]
    const added = {
      '/app/a.php': 'x',
      '/usr/bin/php8.2': { content: 'elf', ...executable },
      '/usr/bin/composer': { content: 'elf', ...executable },
      '/usr/bin/php': '-> php8.2',
      '/var/lib/dpkg/info/php8.2-cli.list': 'x',
    }
    const lines = await linesOf({ added, packages, settings: { command: ['php', '/app/a.php'] } })
    expect(lines[2]).toContain(' php-cli php8.2-cli php8.2-common php8.2-intl ')
  })

  test('a library that a script opens by its name comes with its package', async () => {
    const packages = [
      packageOf('libmagic-dev', ['/usr/lib/libmagic.so'], { isManual: true, section: 'libdevel' }),
      packageOf('libmagic1', ['/usr/lib/libmagic.so.1']),
    ]
    const added = {
      '/app/run': script('exit'),
      '/app/kind.py': 'import ctypes\nlibrary = ctypes.CDLL("libmagic.so.1")\n',
      '/usr/lib/libmagic.so.1': 'elf',
      '/usr/lib/libmagic.so': '-> libmagic.so.1',
      '/var/lib/dpkg/info/libmagic1.list': 'x',
    }
    const lines = await linesOf({ added, packages, settings: runsApp })
    expect(lines[2]).toContain('install -y --no-install-recommends libmagic1 ')
  })

  test('a program of the base that a smaller base lacks keeps the base', async () => {
    const own = imageOf([
      [...baseLayer, ...layerOf(0, { '/usr/local/bin/python3': { content: 'elf', ...executable } })],
    ])
    const image = imageOf(
      [[...own.files.all()], layerOf(1, { '/app/a.py': 'x', '/usr/local/go/bin/go': 'x'.repeat(1e5) })],
      {
        settings: { command: ['python3', 'a.py'], workdir: '/app' },
      },
    )
    const derived = await new Derivation(
      image,
      { ...own, reference: 'python:3' },
      buildStageText(dockerfile, 0),
      'multi-stage',
    ).derive([slim, { ...own, reference: 'python:3' }], noLessons)
    expect(derived).toMatchObject({ ok: true, value: { base: 'python:3' } })
  })

  test('a server of the base image is not installed anew on a smaller one: the base may have set it up', async () => {
    const nginx = packageOf('nginx', ['/usr/sbin/nginx'], { isManual: true })
    const server = imageOf([[...baseLayer, ...layerOf(0, { '/usr/sbin/nginx': { content: 'elf', ...executable } })]], {
      reference: 'acme/nginx:1',
      packages: [nginx],
    })
    const image = imageOf([[...server.files.all()], layerOf(1, { '/etc/nginx/site.conf': 'x' })], {
      packages: [nginx],
      settings: { command: ['nginx'] },
    })
    const derivation = new Derivation(image, server, buildStageText(dockerfile, 0), 'multi-stage')
    expect(await derivation.derive([slim, server], noLessons)).toEqual({
      ok: false,
      problem:
        'Only acme/nginx:1 itself has what the program needs (debian:bookworm-slim: /usr/sbin/nginx (the command) is not in it), and on it a second stage would leave nothing behind.',
    })
  })

  test('a program without a command is refused, and so is one that leaves nothing behind', async () => {
    expect(await derive({ added: { '/app/a': 'x' } })).toEqual({
      ok: false,
      problem: 'The image does not say what it runs, or its command is not in it.',
    })
    const image = imageOf([baseLayer, layerOf(1, { '/app/run': script('exit') })], { settings: runsApp })
    const derived = await new Derivation(image, base, buildStageText(dockerfile, 0), 'multi-stage').derive(
      [base],
      noLessons,
    )
    expect(derived).toEqual({
      ok: false,
      problem: expect.stringContaining('a second stage would leave nothing behind'),
    })
  })

  test('a compiler that stays behind is worth a second stage on the same base', async () => {
    const packages = [packageOf('gcc', ['/usr/bin/gcc'], { isManual: true })]
    const added = {
      '/app/run': script('exit'),
      '/usr/bin/gcc': 'x'.repeat(100),
      '/var/lib/dpkg/info/gcc.list': '/usr/bin/gcc',
    }
    const image = imageOf([baseLayer, layerOf(1, added)], { packages, settings: runsApp })
    const derivation = new Derivation(image, base, buildStageText(dockerfile, 0), 'multi-stage')
    expect(await derivation.derive([base], noLessons)).toMatchObject({ ok: true, value: { base: 'debian:bookworm' } })
  })

  test('without a shell in the base a tree with owners and links is assembled in the build stage', async () => {
    const added = {
      '/app': { uid: 7 },
      '/app/run': { content: 'elf', ...executable },
      '/app/link': '-> run',
      '/lost': { uid: 7 },
      '/lost/a.o': 'x',
    }
    expect(await linesOf({ added, target: 'minimal', settings: { command: ['/app/run'] } })).toEqual([
      'RUN mkdir /ship \\',
      ' && cd / && cp -a --parents app /ship/',
      'FROM scratch',
      'COPY --from=build /ship/ /',
      'CMD ["/app/run"]',
    ])
  })

  test('a start script needs a shell, which an empty base lacks', async () => {
    const derived = await derive({ added: { '/app/run': script('exit') }, target: 'minimal', settings: runsApp })
    expect(derived).toEqual({
      ok: false,
      problem: 'scratch: /bin/sh is needed (first line of /app/run), and it has no shell.',
    })
  })
})

describe('the check of a derived image', () => {
  const added = { '/app/run': { content: 'one', ...executable }, '/etc/made': 'x', '/var/lib/dpkg/info/tool.list': 'x' }
  const packages = [packageOf('tool', [])]
  const check = async (derivedTree: Tree) => {
    const image = imageOf([baseLayer, layerOf(1, added)], { packages, settings: { command: ['/app/run'] } })
    const derivation = new Derivation(image, base, buildStageText(dockerfile, 0), 'multi-stage')
    const derived = await derivation.derive([slim], noLessons)
    if (!derived.ok) throw new Error(derived.problem)
    const { requirements, shipped } = derived.value
    return checkDerived({
      image,
      owners: new PackageOwners(image),
      classified: await derivation.classified(),
      requirements,
      shipped,
      derived: imageOf([baseLayer, layerOf(1, derivedTree)]),
      lessons: noLessons,
    })
  }

  test('content, mode, owner and type of what ships are compared', async () => {
    const made = { '/etc/made': 'x' }
    expect((await check({ ...made, '/app/run': { content: 'one', ...executable } })).differences).toEqual([])
    expect((await check({ ...made, '/app/run': { content: 'two', ...executable } })).differences).toEqual([
      { path: '/app/run', what: 'has other content' },
    ])
    expect((await check({ ...made, '/app/run': { content: 'one', mode: 0o700 } })).differences[0]!.what).toBe(
      'has mode 700, not 755',
    )
    expect((await check({ ...made, '/app/run': { content: 'one', ...executable, uid: 9 } })).differences[0]!.what).toBe(
      'belongs to 9:0, not to 0:0',
    )
    expect((await check({ ...made, '/app/run': '-> x' })).differences[0]!.what).toBe('is a link, not a file')
    expect((await check(made)).differences[0]!.what).toBe('is missing')
  })

  test('what no package made again ships, and what one brought back goes', async () => {
    const { lessons } = await check({ '/app/run': { content: 'one', ...executable }, '/etc/site/default': 'x' })
    expect([[...lessons.forced], [...lessons.removed]]).toEqual([['/etc/made'], ['/etc/site/default']])
  })
})

describe('parts', () => {
  test('the file becomes the build stage: only a name is added, and what comes after the target is left out', () => {
    const text = '# syntax=x\nFROM a AS one\nRUN b\n\n# last\nFROM one\nRUN c\n'
    expect(buildStageText(parseStages(text).value, 1)).toMatchObject({
      text: '# syntax=x\nFROM a AS one\nRUN b\n\n# last\nFROM one AS build\nRUN c',
      name: 'build',
      base: 'a',
    })
    expect(buildStageText(parseStages(text).value, 0)).toMatchObject({
      text: '# syntax=x\nFROM a AS one\nRUN b',
      name: 'one',
    })
  })

  test.each([
    ['python:3.12', ['debian:bookworm-slim', 'python:3.12-slim-bookworm', 'python:3.12']],
    ['node:22-bookworm', ['debian:bookworm-slim', 'node:22-bookworm-slim', 'node:22-bookworm']],
    ['golang:1.25', ['debian:bookworm-slim', 'golang:1.25']],
    ['eclipse-temurin:21-jdk', ['debian:bookworm-slim', 'eclipse-temurin:21-jre', 'eclipse-temurin:21-jdk']],
    ['ghcr.io/acme/ruby:3.3', ['debian:bookworm-slim', 'ghcr.io/acme/ruby:3.3-slim-bookworm', 'ghcr.io/acme/ruby:3.3']],
  ])('runtime bases of %s', (reference, expected) => {
    expect(candidateReferences('multi-stage', reference, base)).toEqual(expected)
  })

  test.each([
    ['node server.js', ['node', 'server.js']],
    ['exec ./run "a b"', ['./run', 'a b']],
    ['cd /app && ./run', undefined],
    ['echo $HOME', undefined],
    ['A=1 ./run', undefined],
  ])('the shell-form command %j without its shell', (text, expected) => {
    expect(withoutShell({ ...noSettings, command: ['/bin/sh', '-c', text] })).toEqual(expected)
  })

  test('commands of a script, behind wrappers and operators', () => {
    expect(
      commandWords('set -e\nif ! test -f x; then exec gosu app python -u /srv/main.py "$@"; fi | tee log'),
    ).toEqual(['set', 'test', 'gosu', 'python', '/srv/main.py', 'fi', 'tee'])
  })

  test('links on a path are followed one by one', () => {
    const files = new ImageFiles(
      layerOf(0, { '/bin': '-> usr/bin', '/usr/bin/x': '-> ../lib/x', '/usr/lib/x': 'x', '/loop': '-> loop' }),
    )
    expect(files.follow('/bin/x')).toEqual({ links: ['/bin', '/usr/bin/x'], real: '/usr/lib/x' })
    expect(files.follow('/loop').real).toBeUndefined()
  })

  test('packages of dpkg with dependencies and who asked for them', () => {
    const reader = systemPackagesReader()
    const take = (path: string, text: string): void => void reader.take(path, new TextEncoder().encode(text))
    take(
      'var/lib/dpkg/status',
      'Package: a\nStatus: install ok installed\nVersion: 1\nDepends: b (>= 2) | c, d:any\nRecommends: e\n\nPackage: b\nStatus: install ok installed\nVersion: 2\nEssential: yes\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n',
    )
    take('var/lib/apt/extended_states', 'Package: b\nArchitecture: amd64\nAuto-Installed: 1\n')
    take('var/lib/dpkg/info/a.list', '/.\n/usr\n/usr/a\n')
    const { byName, manager } = reader.finish()
    expect([manager, [...byName.keys()]]).toEqual(['apt', ['a', 'b']])
    expect(byName.get('a')).toMatchObject({
      isManual: true,
      depends: [['b', 'c'], ['d']],
      recommends: ['e'],
      paths: ['/usr', '/usr/a'],
    })
    expect(byName.get('b')).toMatchObject({ isManual: false, isEssential: true })
  })

  test('packages of apk', () => {
    const reader = systemPackagesReader()
    const take = (path: string, text: string): void => void reader.take(path, new TextEncoder().encode(text))
    take(
      'lib/apk/db/installed',
      'P:curl\nV:8\nD:so:libc.musl-x86_64.so.1 libcurl=8\np:cmd:curl=8\nF:usr/bin\nR:curl\n\nP:libcurl\nV:8\n',
    )
    take('etc/apk/world', 'curl>8\n')
    const { byName, manager } = reader.finish()
    expect(manager).toBe('apk')
    expect(byName.get('curl')).toMatchObject({
      isManual: true,
      depends: [['so:libc.musl-x86_64.so.1'], ['libcurl']],
      provides: ['cmd:curl'],
      paths: ['/usr/bin', '/usr/bin/curl'],
    })
    expect(byName.get('libcurl')?.isManual).toBe(false)
  })

  test('the loader’s cache is read, and a damaged one has nothing', () => {
    const bytes = new Uint8Array(48 + 24 + 40)
    const view = new DataView(bytes.buffer)
    bytes.set(new TextEncoder().encode('glibc-ld.so.cache1.1'))
    view.setUint32(20, 1, true)
    view.setUint32(48 + 4, 72, true)
    view.setUint32(48 + 8, 80, true)
    bytes.set(new TextEncoder().encode('libx.so\0/opt/libx.so\0'), 72)
    expect([...readLoaderCache(bytes)]).toEqual([['libx.so', ['/opt/libx.so']]])
    expect(readLoaderCache(bytes.subarray(0, 50)).size).toBe(0)
    expect(readLoaderCache(new Uint8Array(8)).size).toBe(0)
  })
})
