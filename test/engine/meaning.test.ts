import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { type PackageType, packageName } from '../../electron/core/packages/package'
import type { Examination } from '../../electron/core/surface/examine'
import { findResidue } from '../../electron/core/surface/residue'
import type { SurfaceCategory } from '../../electron/core/surface/surface'
import type { EngineClient } from '../../electron/engine/docker/client'
import { examineEngineImage } from '../../electron/engine/images/examine-images'
import { readImages } from '../../electron/engine/images/read-images'
import { buildFolder, buildText, copyExample, engineOrSkip, removeImages, runImage } from '../support/engine'

const engine = await engineOrSkip()
const { signal } = new AbortController()

interface Subject {
  readonly index: ImageIndex
  readonly examination: Examination
}

async function examined(client: EngineClient, imageId: string): Promise<Subject> {
  const [index] = await readImages(client, [imageId], { signal })
  return { index: index!, examination: await examineEngineImage(client, index!, signal) }
}

const namesOf = ({ examination }: Subject, type: PackageType, below = '/'): string[] =>
  examination.installed.packages
    .filter((each) => each.type === type && each.path.startsWith(below))
    .map((each) => `${packageName(each)} ${each.version}`)
    .sort()

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe.skipIf(!engine)('packages are those that the image’s own tools list', () => {
  const { client } = engine ?? ({} as never)
  const examples = { python: copyExample('calculator-python'), node: copyExample('calculator-node') }
  const subjects: Record<string, Subject> = {}
  const run = async (name: string, command: string): Promise<string> => {
    const { output, exitCode } = await runImage(client, subjects[name]!.index.imageId, '', ['sh', '-c', command])
    expect({ command, exitCode, output: exitCode === 0 ? '' : output }).toEqual({ command, exitCode: 0, output: '' })
    return output
  }
  beforeAll(async () => {
    for (const [name, { folder }] of Object.entries(examples)) {
      const { variants } = await buildFolder(client, folder)
      for (const outcome of variants) {
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure))
        subjects[`${name} ${outcome.variant.role}`] = await examined(client, outcome.imageId)
      }
    }
  })
  afterAll(async () => {
    for (const { folder, remove } of Object.values(examples)) {
      await removeImages(client, folder)
      remove()
    }
  })

  test.each(['python before', 'python after', 'node before'])('%s: dpkg-query', async (name) => {
    const listed = lines(await run(name, "dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\\n'"))
    const installed = listed
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.replace(/ installed$/, ''))
    expect(installed.length).toBeGreaterThan(50)
    expect(namesOf(subjects[name]!, 'deb')).toEqual(installed.sort())
  })
  test('dpkg -S names the owner that Cutaway names', async () => {
    const { index, examination } = subjects['python before']!
    const wanted = ['/bin/bash', '/usr/bin/perl', '/usr/share/doc/bash/copyright']
    const owners = lines(await run('python before', `dpkg -S ${wanted.join(' ')}`)).map((line) => line.split(':')[0])
    expect(owners).toEqual(['bash', 'perl-base', 'bash'])
    const { RootfsPaths } = await import('../../electron/core/image/rootfs-paths')
    const paths = new RootfsPaths(index.rootfs)
    const { owner, packages } = examination.installed
    expect(wanted.map((path) => packages[owner[paths.locate(path)!]!]?.name)).toEqual(owners)
  })
  test.each(['python before', 'python after'])(
    '%s: pip list of the system and of the virtual environment',
    async (name) => {
      const list = 'pip list --format=freeze --disable-pip-version-check'
      const each = `for python in /usr/bin/python3 /opt/venv/bin/python; do if [ -x $python ]; then $python -m ${list}; fi; done`
      const listed = new Set(lines(await run(name, each)).map((line) => line.replace('==', ' ')))
      expect(listed.size).toBeGreaterThan(2)
      expect(new Set(namesOf(subjects[name]!, 'pypi'))).toEqual(listed)
    },
  )
  test('npm ls, of npm itself', async () => {
    const listed = lines(
      await run(
        'node before',
        'cd /usr/local/lib/npm && npm ls --all --long --parseable --omit=dev 2>/dev/null || true',
      ),
    )
      .map((line) => line.replace(/^[^:]*:(.*@npm:)?/, '').replace(/@([^@]+)$/, ' $1'))
      .filter((each) => !each.startsWith('npm '))
    expect(listed.length).toBeGreaterThan(50)
    expect(new Set(namesOf(subjects['node before']!, 'npm'))).toEqual(new Set(listed))
  })
})

const surfaceText = `FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends libcap2-bin openssl golang-go && rm -rf /var/lib/apt/lists/*
WORKDIR /src
RUN mkdir lib && printf 'module example.com/lib\\n' > lib/go.mod && printf 'package lib\\nfunc F() {}\\n' > lib/lib.go \\
 && printf 'module example.com/shop\\ngo 1.19\\nrequire example.com/lib v1.2.3\\nreplace example.com/lib => ./lib\\n' > go.mod \\
 && printf 'package main\\nimport "example.com/lib"\\nfunc main() { lib.F() }\\n' > main.go && go build -o /usr/local/bin/shop .
RUN cp /bin/true /usr/local/bin/ping-like && setcap cap_net_raw,cap_net_bind_service+ep /usr/local/bin/ping-like \\
 && cp /bin/true /usr/local/bin/suid && chmod 4755 /usr/local/bin/suid && touch /srv/open && chmod 666 /srv/open && mkdir -m 777 /srv/folder
RUN openssl genrsa -out /srv/server.key 2048 && openssl req -new -x509 -key /srv/server.key -subj /CN=x -out /srv/cert.pem \\
 && mkdir -p /srv/.git && echo ref > /srv/.git/HEAD && printf 'TOKEN=abc\\n' > /srv/.env && printf 'TOKEN=\\n' > /srv/.env.example \\
 && printf '//registry.npmjs.org/:_authToken=npm_abc\\n' > /root/.npmrc
RUN rm /root/.npmrc /srv/.env
ENV API_TOKEN=abc GPG_KEY=public
EXPOSE 8080
USER 1000
`

describe.skipIf(!engine)('the attack surface is what find and getcap see', () => {
  const { client } = engine ?? ({} as never)
  let subject: Subject
  const shell = async (command: string): Promise<string[]> =>
    lines((await runImage(client, subject.index.imageId, '', ['sh', '-c', command])).output).sort()
  const names = (category: SurfaceCategory): string[] => subject.examination.surface[category].map(({ name }) => name)
  const details = (category: SurfaceCategory): string[] =>
    subject.examination.surface[category].map(({ name, detail }) => `${name} ${detail}`)
  beforeAll(async () => {
    subject = await examined(client, (await buildText(client, surfaceText)).imageId)
  })
  afterAll(() => client.removeImage(subject.index.imageId))

  test.each([
    ['executables', '-type f -perm /111'],
    ['setuid', '-type f -perm -4000'],
    ['setgid', '-type f -perm -2000'],
    ['worldWritable', '( -type f -o -type d ) -perm -0002 ! ( -type d -perm -1000 )'],
    ['sharedLibraries', '-type f -regextype posix-extended -regex .*\\.so(\\.[0-9][A-Za-z0-9_.]*)?'],
  ] as const)('%s', async (category, condition) => {
    const quoted = condition
      .split(' ')
      .map((word) => `'${word}'`)
      .join(' ')
    const found = await shell(
      `find / -xdev ${quoted} | grep -v '^/proc/\\|^/sys/\\|^/dev/\\|^/etc/\\(hosts\\|hostname\\|resolv.conf\\)$\\|^/.dockerenv$'`,
    )
    expect(found.length).toBeGreaterThan(1)
    const ours = names(category).filter((name) => !/^\/etc\/(hosts|hostname|resolv\.conf)$/.test(name))
    expect(ours).toEqual(found)
  })
  test('capabilities', async () => {
    const found = await shell('getcap -r / 2>/dev/null')
    expect(found).toEqual(['/usr/local/bin/ping-like cap_net_bind_service,cap_net_raw=ep'])
    expect(details('capabilities')).toEqual(['/usr/local/bin/ping-like cap_net_bind_service,cap_net_raw'])
  })
  test('shells, package managers and other tools: each program once, by the file behind its names', async () => {
    const behind = async (...tools: string[]): Promise<string[]> => [
      ...new Set(await shell(`for tool in ${tools.join(' ')}; do command -v $tool; done | xargs -n1 readlink -f`)),
    ]
    expect(names('shells')).toEqual(await behind('sh', 'bash', 'dash', 'rbash'))
    expect(names('packageManagers')).toEqual(await behind('apt', 'apt-get', 'dpkg'))
    expect(names('networkTools')).toEqual(await behind('openssl'))
    expect(names('compilers')).toEqual(expect.arrayContaining(await behind('go', 'gofmt')))
    expect(names('interpreters')).toEqual(await behind('perl', 'awk'))
  })
  test('secrets that are there, in files and in the config; examples and certificates are none', () => {
    expect(details('secrets')).toEqual([
      '/srv/.git git history',
      '/srv/server.key private key',
      'ENV API_TOKEN in the image config',
    ])
  })
  test('who it runs as, who may log in, what it exposes', () => {
    expect(names('rootUser')).toEqual([])
    expect(names('usersWithShell')).toEqual(['root'])
    expect(names('exposedPorts')).toEqual(['8080/tcp'])
  })
  test('what was deleted and is still readable, secrets first, and whether another image has it', async () => {
    const residue = findResidue(subject.index, subject.index)
    expect(residue.list.slice(0, 2).map(({ path, secret, isInOther }) => [path, secret, isInOther])).toEqual([
      ['/root/.npmrc', 'npm token', true],
      ['/srv/.env', 'environment file', true],
    ])
    const [base] = await readImages(client, ['debian:bookworm'], { signal })
    expect(findResidue(subject.index, base).list[0]).toMatchObject({ path: '/root/.npmrc', isInOther: false })
    expect(residue.bytes).toBe(subject.index.unpackedBytes - subject.index.rootfs.visibleBytes)
  })
  test('go version -m', async () => {
    const listed = (await shell('go version -m /usr/local/bin/shop')).map((line) => line.trim().split('\t'))
    expect(listed.map(([word]) => word)).toEqual(expect.arrayContaining(['mod', 'dep', '=>']))
    const ours = namesOf(subject, 'golang').filter((each) => !each.startsWith('stdlib'))
    expect(ours).toEqual(['./lib (devel)', 'example.com/shop (devel)'])
    const replaced = listed.find(([word]) => word === '=>')!
    expect(ours).toContain(`${replaced[1]} ${replaced[2]}`)
  })
})
