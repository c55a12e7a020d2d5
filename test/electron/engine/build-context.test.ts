import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import { EngineError, type Failure } from '../../../electron/core/failure'
import { planBuilds } from '../../../electron/core/variants/build-plan'
import { type ContextOptions, packContext } from '../../../electron/engine/project/build-context'
import { choosePair } from '../../../electron/engine/project/choose-pair'
import { openProject } from '../../../electron/engine/project/open-project'
import { makeFolder } from '../../support/folder'
import { unpack } from '../../support/unpack'

const plain = { context: '', dockerfile: 'Dockerfile', dockerfileText: undefined }

/** What the engine is sent: the Dockerfile's name and text, and all names. */
async function sent(
  options: ContextOptions,
): Promise<{ dockerfile: string; text: string | undefined; names: string[] }> {
  const { stream, dockerfile } = await packContext(options)
  const members = await unpack(stream)
  return { dockerfile, text: members[dockerfile]?.content, names: Object.keys(members) }
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

describe('the Dockerfile that is named is the one that is built', () => {
  test('one outside its context is sent as text under a free name, with the ignore file beside it', async () => {
    const folder = makeFolder({
      'docker/Dockerfile': 'FROM right\n',
      'docker/Dockerfile.dockerignore': 'b\n',
      'app/Dockerfile': 'FROM wrong\n',
      'app/.dockerignore': 'a\n',
      'app/.cutaway.dockerfile': '',
      'app/a': '',
      'app/b': '',
    })
    const options = { project: folder, context: 'app', dockerfile: 'docker/Dockerfile', dockerfileText: undefined }
    expect(await sent(options)).toEqual({
      dockerfile: '.cutaway-1.dockerfile',
      text: 'FROM right\n',
      names: ['.cutaway-1.dockerfile', '.cutaway.dockerfile', '.dockerignore', 'Dockerfile', 'a'],
    })
    rmSync(join(folder, 'docker/Dockerfile.dockerignore'))
    expect((await sent(options)).names).toEqual([
      '.cutaway-1.dockerfile',
      '.cutaway.dockerfile',
      '.dockerignore',
      'Dockerfile',
      'b',
    ])
  })
  test('from a compose file to the plan, as it is and edited', async () => {
    const build = '{ context: ./app, dockerfile: ../docker/Dockerfile }'
    const text = 'FROM right AS build\nCOPY . /x\nFROM scratch\nCOPY --from=build /x /x\n'
    const folder = makeFolder({
      'compose.yaml': `services: { web: { build: ${build} } }`,
      'docker/Dockerfile': text,
      'app/Dockerfile': 'FROM wrong\n',
      'app/a': '',
    })
    const project = await openProject(folder)
    const asIs = choosePair(project, { after: { id: 'docker/Dockerfile' } }).after
    const edited = { ...asIs, derivation: 'edit' as const, role: 'before' as const }
    for (const build of [...planBuilds([asIs]), ...planBuilds([edited, asIs])]) {
      const { dockerfile, dockerfileText, variant } = build
      const packed = await sent({ project: folder, context: variant.context, dockerfile, dockerfileText })
      expect(packed.dockerfile).toBe('.cutaway.dockerfile')
      expect(packed.text).toContain('FROM right')
      expect(packed.names).toEqual(['.cutaway.dockerfile', 'Dockerfile', 'a'])
    }
  })
  test.each([undefined, 'FROM derived\n'])(
    'one that the ignore file names is sent, its folder or not (text %j)',
    async (text) => {
      const folder = makeFolder({
        '.dockerignore': 'docker\nDockerfile\n',
        Dockerfile: 'FROM a\n',
        'docker/prod': 'FROM a\n',
        'docker/x': '',
      })
      for (const dockerfile of ['Dockerfile', 'docker/prod'])
        expect(await sent({ ...plain, project: folder, dockerfile, dockerfileText: text })).toEqual({
          dockerfile,
          text: text ?? 'FROM a\n',
          names: [dockerfile, '.dockerignore'],
        })
    },
  )
  test('an ignore file that ignores itself is not sent', async () => {
    const folder = makeFolder({ '.dockerignore': '.dockerignore\n', Dockerfile: 'FROM a\n' })
    expect((await sent({ ...plain, project: folder })).names).toEqual(['Dockerfile'])
  })
  test('one that is a link is sent as the link where the builder can follow it, else as text', async () => {
    const folder = makeFolder({ 'app/docker/prod': 'FROM a\n', 'shared/prod': 'FROM b\n', 'app/x': '' })
    symlinkSync('docker/prod', join(folder, 'app/Dockerfile'))
    symlinkSync('../shared/prod', join(folder, 'app/Dockerfile.out'))
    const options = { project: folder, context: 'app', dockerfile: 'app/Dockerfile', dockerfileText: undefined }
    const names = ['Dockerfile', 'Dockerfile.out', 'docker/', 'docker/prod', 'x']
    expect(await sent(options)).toEqual({ dockerfile: 'Dockerfile', text: 'docker/prod', names })
    const asText = (text: string) => ({
      dockerfile: '.cutaway.dockerfile',
      text,
      names: ['.cutaway.dockerfile', ...names],
    })
    expect(await sent({ ...options, dockerfile: 'app/Dockerfile.out' })).toEqual(asText('FROM b\n'))
    // A derived text must not take the place of a link that the image may need.
    expect(await sent({ ...options, dockerfileText: 'FROM c\n' })).toEqual(asText('FROM c\n'))
    writeFileSync(join(folder, 'app/.dockerignore'), 'docker\n')
    expect((await sent(options)).text).toBe('FROM a\n')
  })
  test('one below a linked folder, and one in a linked context', async () => {
    const folder = makeFolder({ 'app/docker/prod': 'FROM a\n' })
    symlinkSync('docker', join(folder, 'app/link'))
    symlinkSync('app', join(folder, 'other'))
    const below = { project: folder, context: 'app', dockerfile: 'app/link/prod', dockerfileText: undefined }
    expect(await sent(below)).toMatchObject({ dockerfile: 'docker/prod', text: 'FROM a\n' })
    const linked = { ...below, context: 'other', dockerfile: 'other/docker/prod' }
    expect(await sent(linked)).toMatchObject({ dockerfile: 'docker/prod', text: 'FROM a\n' })
  })
  test('a name that differs in capitals is another file', async () => {
    const folder = makeFolder({ dockerfile: 'FROM wrong\n' })
    expect(await failureOf(packContext({ ...plain, project: folder }))).toMatchObject({ code: 'path-unreadable' })
  })
  test('one that is gone is named', async () => {
    const folder = makeFolder({ a: '' })
    expect(await failureOf(packContext({ ...plain, project: folder }))).toEqual({
      code: 'path-unreadable',
      path: join(folder, 'Dockerfile'),
      detail: 'it is not there',
    })
  })
  test('a malformed ignore file is named with its line', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', '.dockerignore': 'a\nb[\n' })
    expect(await failureOf(packContext({ ...plain, project: folder }))).toMatchObject({
      code: 'dockerfile-invalid',
      file: '.dockerignore',
      line: 2,
    })
  })
})

describe('files that change while they are sent', () => {
  const ahead = 'x'.repeat(4_000_000) // more than is read ahead

  /** Packs a folder, changes it when the first megabytes were read, and reads the rest. */
  async function failureAfter(change: (folder: string) => void, more: Readonly<Record<string, string>> = {}) {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', ahead, big: ahead, ...more })
    const { stream } = await packContext({ ...plain, project: folder })
    let bytes = 0
    const read = async (): Promise<void> => {
      for await (const chunk of stream) {
        const before = bytes
        bytes += chunk.length
        if (before < 5_000_000 && bytes >= 5_000_000) change(folder)
      }
    }
    return failureOf(read())
  }
  test.each<[string, (folder: string) => void, string]>([
    ['shrinks', (folder) => truncateSync(join(folder, 'big'), 3_000_000), 'big became shorter'],
    ['grows', (folder) => appendFileSync(join(folder, 'big'), 'x'), 'big became longer'],
    ['is written to', (folder) => utimesSync(join(folder, 'big'), 1, 1), 'big was written to'],
    ['vanishes', (folder) => rmSync(join(folder, 'last')), 'last was deleted'],
  ])('one that %s', async (_title, change, words) => {
    const failure = await failureAfter(change, { last: '' })
    expect(describeFailure(failure!)).toEqual({
      title: `${words} while it was sent to the container engine.`,
      advice: 'Stop the program that changes it, or exclude it in .dockerignore. Then build again.',
    })
  })
  test('one that vanishes and is ignored does not matter', async () => {
    const more = { '.dockerignore': 'last\nzoo\n!zoo/keep\n', last: '', 'zoo/a': '', 'zoo/keep': '' }
    const change = (folder: string): void => {
      rmSync(join(folder, 'last'))
      rmSync(join(folder, 'zoo'), { recursive: true })
    }
    expect(await failureAfter(change, more)).toBeUndefined()
  })
  test('a name that is no UTF-8 is shown with its bytes, unless it is ignored', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', 'sub/x': '' })
    mkdirSync(Buffer.from(`${folder}/sub/f\xE9`, 'latin1'))
    const read = async (): Promise<unknown> => sent({ ...plain, project: folder })
    expect(await failureOf(read())).toEqual({ code: 'name-not-utf8', path: 'sub/f\\xe9' })
    writeFileSync(join(folder, '.dockerignore'), 'sub/f*\n!sub/fine\n')
    expect(await failureOf(read())).toBeUndefined()
  })
  test.each([
    [-86_400, 0],
    [0, 0],
    [1_700_000_000, 1_700_000_000],
    [2 ** 31 + 5, 2 ** 31 + 5],
    [9_000_000_000, 9_000_000_000],
  ])('a file of the second %d', async (seconds, expected) => {
    const folder = makeFolder({ Dockerfile: 'FROM a\n', x: '1' })
    utimesSync(join(folder, 'x'), new Date(seconds * 1000), new Date(seconds * 1000))
    const { stream } = await packContext({ ...plain, project: folder })
    expect((await unpack(stream)).x).toEqual({ type: 'file', seconds: expected, content: '1' })
  })
})
