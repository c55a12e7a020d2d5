import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { folderContexts, stageGraph } from '../../../electron/core/dockerfile/graph'
import { EngineError } from '../../../electron/core/failure'
import { planBuilds } from '../../../electron/core/variants/build-plan'
import { chooseVariant } from '../../../electron/core/variants/offers'
import { packContext } from '../../../electron/engine/project/build-context'
import { choosePair } from '../../../electron/engine/project/choose-pair'
import { openProject } from '../../../electron/engine/project/open-project'
import { makeFolder } from '../../support/folder'

const multi = 'FROM debian AS build\nCOPY . /src\nFROM scratch\nCOPY --from=build /a /a\n'

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  )
  return error instanceof EngineError ? error.failure : error
}

describe('opening a project', () => {
  test('the folder of a Dockerfile is its project', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', 'Dockerfile.multistage': multi })
    const project = await openProject(join(folder, 'Dockerfile'))
    expect(project.pairing).toMatchObject({
      kind: 'pair',
      before: { path: 'Dockerfile' },
      after: { path: 'Dockerfile.multistage' },
    })
  })
  test('a sub-folder with nothing but its Dockerfile shares the project’s files; one with own files has its own', async () => {
    const files = { Dockerfile: multi, 'main.go': '' }
    const shared = await openProject(makeFolder({ ...files, 'without-multistage/Dockerfile': 'FROM a\nCOPY . .\n' }))
    expect(shared.pairing).toMatchObject({ before: { path: 'without-multistage/Dockerfile', context: '' } })
    const own = await openProject(
      makeFolder({ ...files, 'without-multistage/Dockerfile': 'FROM a\nCOPY . .\n', 'without-multistage/main.go': '' }),
    )
    expect(own.pairing).toMatchObject({ before: { context: 'without-multistage' } })
  })
  test('a multi-stage file alone gets a derived counterpart', async () => {
    const { pairing } = await openProject(makeFolder({ Dockerfile: multi }))
    expect(pairing).toMatchObject({ kind: 'pair', before: { derivation: 'stack' } })
  })
  test('a compose file says where a context is, which file builds it, and with which arguments', async () => {
    const compose = `services:
  api:
    build:
      context: ./services/api
      dockerfile: ../../docker/api.build
      args: { BASE: "debian:12", LEVEL: 3, NOTHING: }
  db: { image: postgres }
  remote: { build: "https://example.org/x.git" }
  list: { build: { context: ., dockerfile: docker/list.Dockerfile, args: ["BASE=\${UNSET:-alpine}", "HOST"] } }
`
    const text = 'ARG BASE=none\nFROM $BASE AS build\nCOPY . /src\nFROM scratch\nCOPY --from=build /a /a\n'
    const folder = makeFolder({
      'compose.yaml': compose,
      'docker/api.build': text,
      'docker/list.Dockerfile': text,
      'services/api/main.go': '',
    })
    const { dockerfiles } = await openProject(folder)
    expect(
      dockerfiles.map(({ path, context, staged }) => [path, context, staged.inputs.args, staged.stages[0]!.base]),
    ).toEqual([
      ['docker/list.Dockerfile', '', { BASE: 'alpine' }, { kind: 'image', reference: 'alpine' }],
      [
        'docker/api.build',
        'services/api',
        { BASE: 'debian:12', LEVEL: '3' },
        { kind: 'image', reference: 'debian:12' },
      ],
    ])
    const given = await openProject(folder, { args: { BASE: 'ubuntu:24.04' } })
    expect(given.dockerfiles[1]!.staged.stages[0]!.base).toEqual({ kind: 'image', reference: 'ubuntu:24.04' })
    const odd = makeFolder({ 'docker-compose.yml': 'services: [', Dockerfile: multi })
    expect((await openProject(odd)).pairing.kind).toBe('pair')
  })
  test('a compose file’s target and named contexts; an image as a context is built as that image', async () => {
    const compose = `services:
  web:
    build: { context: ., target: Ship, additional_contexts: [tools=docker-image://alpine:3.20, docs=./docs] }
`
    const text =
      'FROM debian:12 AS tools\nFROM tools AS ship\nCOPY --from=Tools /bin/sh /sh\nFROM ship AS test\nCOPY --from=docs /a /a\n'
    const { offers, dockerfiles } = await openProject(makeFolder({ 'compose.yml': compose, Dockerfile: text }))
    const [plan] = planBuilds([chooseVariant(offers, 'after', { id: 'Dockerfile' })!.variant])
    expect([plan!.target, plan!.dockerfileText]).toEqual([
      'after-ship',
      'FROM debian:12 AS after-tools\nFROM alpine:3.20 AS after-ship\nCOPY --from=alpine:3.20 /bin/sh /sh\n' +
        'FROM after-ship AS after-test\nCOPY --from=docs /a /a\n',
    ])
    const { staged } = dockerfiles[0]!
    expect(folderContexts(staged, 1)).toEqual([])
    expect(folderContexts(staged, 2)).toEqual([{ name: 'docs', line: 5 }])
    expect(stageGraph(staged, 2).nodes.filter(({ kind }) => kind === 'context')).toEqual([
      { kind: 'context', id: 'context:docs', reachable: true, name: 'docs' },
    ])
  })
  test('all that can be built is offered, and an edited text is taken for what it says', async () => {
    const project = await openProject(
      makeFolder({ Dockerfile: 'FROM debian:12\nCMD ["x"]\n', 'Dockerfile.multistage': multi }),
    )
    expect(project.offers.variants.map(({ id }) => id)).toEqual([
      'Dockerfile',
      'multi-stage:Dockerfile',
      'distroless:Dockerfile',
      'minimal:Dockerfile',
      'copy:Dockerfile',
      'Dockerfile.multistage',
      'Dockerfile.multistage#build',
      'traditional:Dockerfile.multistage',
      'distroless:Dockerfile.multistage',
      'minimal:Dockerfile.multistage',
      'copy:Dockerfile.multistage',
    ])
    expect(project.offers.refused).toEqual([])
    const derived = choosePair(project, { after: { id: 'multi-stage:Dockerfile' } }).after
    expect([derived.staged.dockerfile.text, derived.pending?.target]).toEqual([
      'FROM debian:12 AS build\nCMD ["x"]\n\n# The final stage will be derived from the image of the first build.\n',
      'multi-stage',
    ])
    const stage = choosePair(project, { after: { id: 'Dockerfile.multistage#build' } }).after
    expect(planBuilds([stage])[0]).toMatchObject({ target: 'build', dockerfile: 'Dockerfile.multistage' })
    const text = 'FROM alpine AS x\nFROM debian AS build\nFROM scratch\n'
    const { before, after } = choosePair(project, { after: { id: 'Dockerfile.multistage#build', text } })
    expect([before.id, after.derivation, after.target]).toEqual(['Dockerfile', 'edit', 1])
    const wrong = { id: 'Dockerfile', text: 'FROM debian\nFOO\n' }
    expect(await failureOf((async () => choosePair(project, { before: wrong }))())).toEqual({
      code: 'dockerfile-invalid',
      file: 'Dockerfile (edited)',
      line: 2,
      problem: 'unknown instruction FOO.',
    })
    expect(await failureOf((async () => choosePair(project, { before: { id: 'x' } }))())).toMatchObject({
      code: 'variant-missing',
      id: 'x',
    })
  })
  test('bad folders are told apart', async () => {
    const gone = makeFolder({})
    rmSync(gone, { recursive: true })
    expect(await failureOf(openProject(gone))).toEqual({ code: 'folder-missing', path: gone })
    const empty = makeFolder({ 'README.md': '' })
    expect(await failureOf(openProject(empty))).toEqual({ code: 'no-dockerfile', path: empty })
    const broken = makeFolder({ Dockerfile: 'FROM a\nFOO x\n' })
    expect(await failureOf(openProject(broken))).toEqual({
      code: 'dockerfile-invalid',
      file: 'Dockerfile',
      line: 2,
      problem: 'unknown instruction FOO.',
    })
  })
  test('a broken Dockerfile below does not hide a good one above', async () => {
    const { dockerfiles } = await openProject(makeFolder({ Dockerfile: multi, 'sub/Dockerfile': 'nonsense\n' }))
    expect(dockerfiles.map((file) => file.path)).toEqual(['Dockerfile'])
  })
  test('reading changes nothing, also in a folder that cannot be written', async () => {
    const folder = makeFolder({ Dockerfile: multi })
    chmodSync(folder, 0o555)
    expect((await openProject(folder)).pairing.kind).toBe('pair')
    chmodSync(folder, 0o755)
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(multi)
  })
})

interface Packed {
  readonly type: string
  readonly mode: number
  readonly owner: string
  readonly content: string
}

async function pack(folder: string, dockerfile: string, dockerfileText?: string): Promise<Record<string, Packed>> {
  const { stream } = await packContext({ project: folder, context: '', dockerfile, dockerfileText })
  const extract = tar.extract()
  const found: Record<string, Packed> = {}
  extract.on('entry', (header, body, next) => {
    let content = header.linkname ?? ''
    body.on('data', (chunk) => {
      content += String(chunk)
    })
    body.on('end', () => {
      found[header.name] = {
        type: header.type ?? 'file',
        mode: header.mode ?? 0,
        owner: `${header.uid}:${header.gid}`,
        content,
      }
      next()
    })
  })
  await pipeline(stream, extract as unknown as Writable)
  return found
}

describe('the build context', () => {
  test('.dockerignore is applied, the Dockerfile always travels, links stay links, owner is 0:0', async () => {
    const folder = makeFolder({
      Dockerfile: 'FROM a\n',
      '.dockerignore': '*.log\nDockerfile\nnode_modules\n!node_modules/keep.txt\n',
      'a.log': '',
      'run.sh': 'echo',
      'node_modules/x.js': '',
      'node_modules/keep.txt': 'kept',
    })
    chmodSync(join(folder, 'run.sh'), 0o755)
    symlinkSync('run.sh', join(folder, 'link'))
    const packed = await pack(folder, 'Dockerfile')
    expect(Object.keys(packed).sort()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'link',
      'node_modules/keep.txt',
      'run.sh',
    ])
    expect(packed['run.sh']).toEqual({ type: 'file', mode: 0o755, owner: '0:0', content: 'echo' })
    expect(packed.link).toMatchObject({ type: 'symlink', content: 'run.sh' })
  })
  test('the ignore file of the Dockerfile comes first', async () => {
    const folder = makeFolder({
      Dockerfile: 'FROM a\n',
      '.dockerignore': 'b',
      'Dockerfile.dockerignore': 'c',
      b: '',
      c: '',
    })
    expect(Object.keys(await pack(folder, 'Dockerfile'))).toContain('b')
    expect(Object.keys(await pack(folder, 'Dockerfile'))).not.toContain('c')
  })
  test('a derived Dockerfile takes the place of the one on disk and adds no file', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', x: '1' })
    const packed = await pack(folder, 'Dockerfile', 'FROM b\n')
    expect(Object.keys(packed).sort()).toEqual(['Dockerfile', 'x'])
    expect(packed.Dockerfile!.content).toBe('FROM b\n')
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM a\n')
  })
  test('a folder that vanishes is a failure that says so', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n' })
    rmSync(folder, { recursive: true })
    expect(await failureOf(pack(folder, 'Dockerfile'))).toEqual({ code: 'folder-missing', path: folder })
  })
  test('a file that cannot be read is named', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n' })
    symlinkSync('x', join(folder, 'y'))
    writeFileSync(join(folder, 'big'), 'x'.repeat(100_000))
    // It goes when it has been listed, and the file before it has been packed.
    const onSent = (): void => rmSync(join(folder, 'big'), { force: true })
    const { stream } = await packContext({
      project: folder,
      context: '',
      dockerfile: 'Dockerfile',
      dockerfileText: undefined,
      onSent,
    })
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    }
    expect(await failureOf(read())).toMatchObject({ code: 'context-changed', path: 'big', change: 'vanished' })
  })
})
