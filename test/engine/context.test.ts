import { rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EngineError } from '../../electron/core/failure'
import { runBuild } from '../../electron/engine/docker/build'
import { packContext } from '../../electron/engine/project/build-context'
import { buildFolder, engineOrSkip, exportRootfs, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()
const signal = new AbortController().signal

describe.skipIf(engine === undefined)('what an engine is sent', () => {
  /** The paths in the image of the one variant that is chosen for both sides. */
  async function built(folder: string, id: string): Promise<readonly string[]> {
    onTestFinished(() => removeImages(engine!.client, folder))
    const { variants } = await buildFolder(engine!.client, folder, { choice: { before: { id }, after: { id } } })
    const [before] = variants
    if (!before!.ok) throw new EngineError(before!.failure)
    const files = await exportRootfs(engine!.client, before!.imageId)
    return [...files.keys()].filter((path) => path.startsWith('x'))
  }
  const text = (file: string): string => `FROM scratch AS one\nCOPY ${file} /x/\nFROM scratch\nCOPY --from=one / /\n`

  test('the Dockerfile that a compose file names outside its context, not one of the same name in there', async () => {
    const folder = makeFolder({
      'compose.yaml': 'services: { web: { build: { context: ./app, dockerfile: ../docker/Dockerfile } } }',
      'docker/Dockerfile': text('right.txt'),
      'app/Dockerfile': text('wrong.txt'),
      'app/right.txt': '',
      'app/wrong.txt': '',
    })
    expect(await built(folder, 'docker/Dockerfile')).toEqual(['x', 'x/right.txt'])
    rmSync(join(folder, 'app/Dockerfile'))
    expect(await built(folder, 'docker/Dockerfile')).toEqual(['x', 'x/right.txt'])
  })
  test('a Dockerfile that is a link, and one in a folder that is ignored', async () => {
    const folder = makeFolder({ 'docker/prod': text('right.txt'), 'right.txt': '' })
    symlinkSync('docker/prod', join(folder, 'Dockerfile'))
    expect(await built(folder, 'Dockerfile')).toEqual(['x', 'x/right.txt'])
    const ignored = makeFolder({ 'docker/Dockerfile': text('right.txt'), 'right.txt': '', '.dockerignore': 'docker' })
    expect(await built(ignored, 'docker/Dockerfile')).toEqual(['x', 'x/right.txt'])
  })
  test('files from before 1970 and after 2038', async () => {
    const folder = makeFolder({ Dockerfile: text('*.txt'), 'a.txt': '', 'b.txt': '' })
    utimesSync(join(folder, 'a.txt'), new Date(-1e9), new Date(-1e9))
    utimesSync(join(folder, 'b.txt'), new Date(3e12), new Date(3e12))
    expect(await built(folder, 'Dockerfile')).toEqual(['x', 'x/a.txt', 'x/b.txt'])
  })
  test.each<[string, (path: string) => void]>([
    ['shrank', (path) => truncateSync(path, 3_000_000)],
    ['vanished', (path) => rmSync(path.replace('big', 'last'))],
  ])('a file that %s meanwhile is the failure, and the engine is not', async (change, act) => {
    const folder = makeFolder({ Dockerfile: text('big'), big: 'x'.repeat(9_000_000), last: '' })
    const options = { project: folder, context: '', dockerfile: 'Dockerfile', dockerfileText: undefined }
    const { stream, dockerfile } = await packContext(options)
    async function* changedAfterMegabytes(): AsyncGenerator<Buffer> {
      let bytes = 0
      for await (const chunk of stream) {
        if (bytes < 5_000_000 && bytes + chunk.length >= 5_000_000) act(join(folder, 'big'))
        bytes += chunk.length
        yield chunk
      }
    }
    const context = Readable.from(changedAfterMegabytes(), { objectMode: false })
    const request = { context, dockerfile, target: undefined, noCache: false, labels: {} }
    const error = await runBuild(engine!.client, request, { signal, onEvent: () => undefined }).catch((each) => each)
    expect(error).toBeInstanceOf(EngineError)
    expect(error.failure).toMatchObject({ code: 'context-changed', change })
    expect((await engine!.client.version()).name).toBe('Docker')
  })
})
