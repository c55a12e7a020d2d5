import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EngineError, type Failure } from '../../../electron/core/failure'
import { packContext } from '../../../electron/engine/project/build-context'
import { readTextInside } from '../../../electron/engine/project/inside'
import { openProject, type Project } from '../../../electron/engine/project/open-project'
import { makeFolder } from '../../support/folder'
import { unpack } from '../../support/unpack'

const text = 'FROM debian:12 AS build\nCOPY . /src\nFROM scratch\nCOPY --from=build /src /src\n'
const secret = 'SECRET'

/** A project beside a folder that is none of its business. */
function makePlaces(files: Readonly<Record<string, string>>): { project: string; outside: string } {
  const parent = makeFolder({ 'outside/Dockerfile': text, 'outside/key': secret })
  const project = join(parent, 'project')
  mkdirSync(project)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(project, path, '..'), { recursive: true })
    writeFileSync(join(project, path), content)
  }
  return { project, outside: join(parent, 'outside') }
}

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  return work.then(
    () => undefined,
    (error) => {
      if (error instanceof EngineError) return error.failure
      throw error
    },
  )
}

const leftOut = ({ offers }: Project): readonly (readonly [string, string])[] =>
  offers.refused
    .filter(({ id }) => !/^(multi-stage|distroless):/.test(id))
    .map(({ title, problem }) => [title, problem])

test('a Dockerfile whose name leaves no room for an ignore file of its own is sent', async () => {
  const name = `${'n'.repeat(244)}.Dockerfile`
  const { project } = makePlaces({ [name]: text })
  const { stream } = await packContext({ project, context: '', dockerfile: name, dockerfileText: undefined })
  expect(Object.keys(await unpack(stream))).toEqual([name])
})

describe('nothing outside a project is read or sent', () => {
  const compose = (build: string): string => `services:\n  web:\n    build: ${build}\n`
  test.each<[string, string, string]>([
    ['a context that is a link', '{ context: link }', 'link leads out of the project folder.'],
    ['a context below a link', '{ context: link/sub }', 'link/sub leads out of the project folder.'],
    ['a context above', '..', '.. leads out of the project folder.'],
    ['a context that goes out and elsewhere', 'a/../../outside', 'a/../../outside leads out of the project folder.'],
    ['an absolute context', '/etc', '/etc leads out of the project folder.'],
    [
      'a Dockerfile above',
      '{ context: ., dockerfile: ../outside/Dockerfile }',
      '../outside/Dockerfile leads out of the project folder.',
    ],
    [
      'a Dockerfile that is a link',
      '{ context: ., dockerfile: file.link }',
      'file.link leads out of the project folder.',
    ],
    [
      'a Dockerfile below a link',
      '{ context: ., dockerfile: link/Dockerfile }',
      'link/Dockerfile leads out of the project folder.',
    ],
    ['a URL', 'https://example.org/x.git', 'Its build context https://example.org/x.git isn’t a folder.'],
    [
      'a Dockerfile written inside',
      '{ context: ., dockerfile_inline: FROM a }',
      'Its Dockerfile is part of the compose file, which isn’t supported.',
    ],
  ])('of a compose file: %s', async (_title, build, problem) => {
    const { project, outside } = makePlaces({ Dockerfile: text, 'compose.yaml': compose(build) })
    mkdirSync(join(outside, 'sub'))
    symlinkSync(outside, join(project, 'link'))
    symlinkSync(join(outside, 'Dockerfile'), join(project, 'file.link'))
    const opened = await openProject(project)
    expect(opened.dockerfiles.map(({ path, context }) => [path, context])).toEqual([['Dockerfile', '']])
    expect(leftOut(opened)).toEqual([['Service web of compose.yaml', problem]])
  })
  test('an absolute context in the project is one', async () => {
    const { project } = makePlaces({ 'app/Dockerfile': text, 'app/a': '' })
    writeFileSync(join(project, 'compose.yaml'), compose(`{ context: ${join(project, 'app')}, args: { A: b } }`))
    const { dockerfiles } = await openProject(project)
    expect(dockerfiles.map(({ path, context, staged }) => [path, context, staged.inputs.args])).toEqual([
      ['app/Dockerfile', 'app', { A: 'b' }],
    ])
  })
  test('a compose file that is a link out is left out with a reason', async () => {
    const { project, outside } = makePlaces({ Dockerfile: text })
    writeFileSync(join(outside, 'c.yaml'), compose('.'))
    symlinkSync(join(outside, 'c.yaml'), join(project, 'compose.yaml'))
    expect(leftOut(await openProject(project))).toEqual([
      ['compose.yaml', 'compose.yaml leads out of the project folder.'],
    ])
  })
  test('a Dockerfile that is a link stays in the project or is left out', async () => {
    const { project, outside } = makePlaces({ 'docker/prod': text })
    symlinkSync(join(outside, 'Dockerfile'), join(project, 'Dockerfile.out'))
    expect(await failureOf(openProject(project))).toMatchObject({
      code: 'nothing-to-build',
      left: 'Dockerfile.out',
      problem: 'Dockerfile.out leads out of the project folder.',
    })
    symlinkSync('docker/prod', join(project, 'Dockerfile'))
    const opened = await openProject(project)
    expect(opened.dockerfiles.map(({ path }) => path)).toEqual(['Dockerfile'])
    expect(leftOut(opened)).toEqual([['Dockerfile.out', 'Dockerfile.out leads out of the project folder.']])
  })
  test('manifests and scripts that are links out have no text', async () => {
    const { project, outside } = makePlaces({ Dockerfile: text })
    symlinkSync(join(outside, 'key'), join(project, 'package.json'))
    symlinkSync(join(outside, 'key'), join(project, 'start.sh'))
    const { files } = (await openProject(project)).dockerfiles[0]!
    expect([files.text('package.json'), files.text('start.sh')]).toEqual([undefined, undefined])
  })
  test('a folder given as a link is its target, and what it holds is sent', async () => {
    const { project } = makePlaces({ Dockerfile: text, a: 'A' })
    symlinkSync(project, `${project}-link`)
    const { folder } = await openProject(`${project}-link`)
    expect(folder).toBe(project)
    const options = { context: '', dockerfile: 'Dockerfile', dockerfileText: undefined }
    const { stream } = await packContext({ project: `${project}-link`, ...options })
    expect(Object.keys(await unpack(stream))).toEqual(['Dockerfile', 'a'])
  })
  test('a context that became a link out since the project was opened is refused', async () => {
    const { project, outside } = makePlaces({ 'app/Dockerfile': text })
    rmSync(join(project, 'app'), { recursive: true })
    symlinkSync(outside, join(project, 'app'))
    const options = { project, context: 'app', dockerfile: 'app/Dockerfile', dockerfileText: undefined }
    expect(await failureOf(packContext(options))).toEqual({ code: 'outside-project', path: 'app' })
  })
  test.each(['.dockerignore', 'Dockerfile.dockerignore', 'Dockerfile'])(
    '%s that is a link out is refused',
    async (name) => {
      const { project, outside } = makePlaces(name === 'Dockerfile' ? {} : { Dockerfile: text })
      symlinkSync(join(outside, 'key'), join(project, name))
      const options = { project, context: '', dockerfile: 'Dockerfile', dockerfileText: undefined }
      expect(await failureOf(packContext(options))).toEqual({ code: 'outside-project', path: name })
    },
  )
  test('links of the context are sent as links, and never followed', async () => {
    const { project, outside } = makePlaces({ Dockerfile: text })
    symlinkSync(outside, join(project, 'folder'))
    symlinkSync(join(outside, 'key'), join(project, 'file'))
    const { stream } = await packContext({ project, context: '', dockerfile: 'Dockerfile', dockerfileText: undefined })
    const sent = await unpack(stream)
    expect(Object.entries(sent).map(([name, { type, content }]) => [name, type, content])).toEqual([
      ['Dockerfile', 'file', text],
      ['file', 'symlink', join(outside, 'key')],
      ['folder', 'symlink', outside],
    ])
  })
  test.each(['folder', 'file'])(
    'a %s that is replaced by a link while the context is sent is not followed',
    async (kind) => {
      const ahead = 'x'.repeat(4_000_000) // more than is read ahead
      const { project, outside } = makePlaces({ Dockerfile: text, a: ahead, 'sub/a': ahead, 'sub/key': 'mine' })
      const { stream } = await packContext({
        project,
        context: '',
        dockerfile: 'Dockerfile',
        dockerfileText: undefined,
      })
      const iterator = stream.iterator({ destroyOnReturn: false })
      const chunks: Buffer[] = []
      const take = async (bytes: number): Promise<void> => {
        for (let left = bytes; left > 0; ) {
          const { value, done } = await iterator.next()
          if (done) return
          chunks.push(value)
          left -= value.length
        }
      }
      await take(5_000_000) // into sub/a
      if (kind === 'folder') {
        renameSync(join(project, 'sub'), join(project, 'away'))
        symlinkSync(outside, join(project, 'sub'))
      } else {
        rmSync(join(project, 'sub/key'))
        symlinkSync(join(outside, 'key'), join(project, 'sub/key'))
      }
      const failure = await failureOf(take(Infinity))
      expect(Buffer.concat(chunks).includes(secret)).toBe(false)
      // A link in the place of a file that was not looked at yet is sent as the link it is.
      expect(failure).toEqual(
        kind === 'folder' ? { code: 'context-changed', path: 'sub/key', change: 'replaced' } : undefined,
      )
    },
  )
})

describe('a text of a project is a regular file of bounded size', () => {
  test.each<[string, (path: string) => void, string]>([
    ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'it is a named pipe'],
    ['a device', (path) => symlinkSync('/dev/zero', path), 'it is a device'],
    ['a folder', (path) => mkdirSync(path), 'it is a folder'],
    ['too large', (path) => writeFileSync(path, 'x'.repeat((1 << 20) + 1)), 'it is larger than 1 MiB'],
  ])('%s is refused at once', async (_title, make, problem) => {
    const { project } = makePlaces({ Dockerfile: text })
    make(join(project, 'x'))
    expect(await failureOf(readTextInside(project, 'x'))).toEqual({ code: 'file-unsuitable', path: 'x', problem })
    make(join(project, 'compose.yaml'))
    const found = problem.replace('1 MiB', '128 KiB')
    expect(leftOut(await openProject(project))).toEqual([['compose.yaml', `compose.yaml can’t be used: ${found}.`]])
    make(join(project, '.dockerignore'))
    const options = { project, context: '', dockerfile: 'Dockerfile', dockerfileText: undefined }
    expect(await failureOf(packContext(options))).toEqual({ code: 'file-unsuitable', path: '.dockerignore', problem })
  })
  test('a Dockerfile that is too large is left out, or is the failure where it is the only one', async () => {
    const { project } = makePlaces({ Dockerfile: `${text}#${'x'.repeat(1 << 20)}` })
    const problem = 'it is larger than 1 MiB'
    expect(await failureOf(openProject(project))).toEqual({ code: 'file-unsuitable', path: 'Dockerfile', problem })
    writeFileSync(join(project, 'Dockerfile.small'), text)
    const opened = await openProject(project)
    expect(opened.dockerfiles.map(({ path }) => path)).toEqual(['Dockerfile.small'])
    expect(leftOut(opened)).toEqual([['Dockerfile', `Dockerfile can’t be used: ${problem}.`]])
  })
  test('a manifest that is a named pipe holds nothing up', async () => {
    const { project } = makePlaces({ Dockerfile: text })
    for (const name of ['go.mod', 'Makefile', 'a.sh', 'Gemfile', 'pom.xml'])
      execFileSync('mkfifo', [join(project, name)])
    expect((await openProject(project)).dockerfiles[0]!.files.text('go.mod')).toBeUndefined()
  })
  test.each<[string, string]>([
    ['nested without end', `services: ${'['.repeat(60_000)}`],
    [
      'many aliases',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from('bcdefghij', (name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]}, `.repeat(9)}]\n`).join('')}services: *j\n`,
    ],
  ])('a compose file with %s is left out', async (_title, yaml) => {
    const { project } = makePlaces({ Dockerfile: text, 'compose.yaml': yaml })
    expect(leftOut(await openProject(project))).toEqual([
      ['compose.yaml', 'The file can’t be understood, so its services are left out.'],
    ])
  })
  test('a folder with very many entries is searched in part, and says so', async () => {
    const { project } = makePlaces({ Dockerfile: text })
    for (let number = 0; number < 301; number++) writeFileSync(join(project, `${number}.Dockerfile`), 'FROM a\n')
    const opened = await openProject(project)
    expect(opened.dockerfiles).toHaveLength(300)
    expect(leftOut(opened)).toEqual([
      [
        'Other Dockerfiles',
        'The folder is large, so not all of it was searched. Open the subfolder that contains the Dockerfile.',
      ],
    ])
  })
})
