import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import { EngineChoice } from '../../../electron/engine/docker/engine-choice'
import { findEngine } from '../../../electron/engine/docker/find-engine'
import { settingsFile } from '../../../electron/engine/setup/data-directory'
import { canStartPrivateEngine, ensureEngine } from '../../../electron/engine/setup/private-engine'
import { changeSettings } from '../../../electron/engine/store/settings'
import { engineOptions } from '../../../electron/ipc/engine-view'
import { makeFolder } from '../../support/folder'

const metaPath = (name: string): string =>
  `.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`

/** A home where an engine answers at a usual socket, so that a silent fallback would be seen. */
async function homeWithEngine(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = makeFolder(files)
  mkdirSync(join(home, '.rd'))
  const server = createServer((_request, response) => response.end('{"Version":"local"}'))
  await new Promise<void>((resolve) => server.listen(join(home, '.rd/docker.sock'), resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return home
}

async function failureFor(environment: NodeJS.ProcessEnv): Promise<{ title: string; advice: string }> {
  const error = await findEngine(environment).catch((cause) => cause)
  expect(error.failure).toMatchObject({ code: 'engine-unreachable', tried: [expect.anything()] })
  return describeFailure(error.failure)
}

describe('an engine that the user named is the only candidate, and what keeps it from being used is said', () => {
  test.each([
    [
      'a context that is down',
      { [metaPath('prod')]: '{"Name":"prod","Endpoints":{"docker":{"Host":"tcp://127.0.0.1:1"}}}' },
      /^The docker context “prod” \(tcp:\/\/127\.0\.0\.1:1\) cannot be used: connection refused\.$/,
    ],
    [
      'a context that does not exist',
      {},
      /^The docker context “prod” cannot be used: there is no docker context of this name\.$/,
    ],
    [
      'a context whose file is missing',
      { [join(metaPath('prod'), '../other')]: '' },
      /“prod” cannot be used: .*meta\.json cannot be read\.$/,
    ],
    [
      'a context whose file is broken',
      { [metaPath('prod')]: '{"Name"' },
      /“prod” cannot be used: .*meta\.json cannot be read\.$/,
    ],
    [
      'a context whose file is null',
      { [metaPath('prod')]: 'null' },
      /“prod” cannot be used: .*meta\.json cannot be read\.$/,
    ],
    [
      'a context for something else',
      { [metaPath('prod')]: '{"Name":"prod","Endpoints":{"kubernetes":{}}}' },
      /“prod” cannot be used: it has no address/,
    ],
    [
      'a context with a wrong host',
      { [metaPath('prod')]: '{"Endpoints":{"docker":{"Host":5}}}' },
      /“prod” cannot be used: it has no address/,
    ],
    [
      'a context with an unknown scheme',
      { [metaPath('prod')]: '{"Endpoints":{"docker":{"Host":"fd://"}}}' },
      /“prod” \(fd:\/\/\) cannot be used: fd:\/\/ addresses aren’t supported/,
    ],
  ])('%s', async (_what, files, title) => {
    const home = await homeWithEngine({ ...files, '.docker/config.json': '{"currentContext":"prod"}' })
    const used = await failureFor({ HOME: home })
    expect(used.title).toMatch(title)
    expect(used.advice).toMatch(/docker context use default/)
    const named = await failureFor({ HOME: home, DOCKER_CONTEXT: 'prod' })
    expect(named.title).toBe(used.title)
    expect(named.advice).toMatch(/DOCKER_CONTEXT/)
  })

  test.each([
    [
      'unix:///no/such.sock',
      /^The engine in DOCKER_HOST \(unix:\/\/\/no\/such\.sock\) cannot be used: there is no such socket\.$/,
    ],
    ['tcp://127.0.0.1:1', /connection refused/],
    ['fd://', /fd:\/\/ addresses aren’t supported/],
    ['http+unix://x', /http\+unix:\/\/ addresses aren’t supported/],
  ])('DOCKER_HOST=%s', async (address, title) => {
    const { title: said, advice } = await failureFor({ HOME: await homeWithEngine(), DOCKER_HOST: address })
    expect(said).toMatch(title)
    expect(advice).toMatch(/DOCKER_HOST/)
  })
})

test.each([
  [{ DOCKER_HOST: '' }, {}],
  [{ DOCKER_CONTEXT: '' }, {}],
  [{ DOCKER_CONTEXT: 'default' }, { '.docker/config.json': '{"currentContext":"prod"}' }],
  [{}, { '.docker/config.json': '{"currentContext":"default"}' }],
  [{}, { '.docker/config.json': '{"currentContext":' }],
  [{}, { '.docker/config.json': '{"currentContext":5}' }],
])('the usual sockets are used when nothing is named: %o %o', async (environment, files) => {
  // Sockets of this machine come first, and whatever answers there is right as well.
  const found = await findEngine({ HOME: await homeWithEngine(files), CUTAWAY_DATA: makeFolder({}), ...environment })
  expect(found.endpoint.origin).toBe('usual socket')
})

describe('no engine of Cutaway’s own takes the place of a named one', () => {
  beforeEach(() => {
    vi.stubEnv('HOME', makeFolder({ '.docker/config.json': '{"currentContext":"prod"}' }))
    vi.stubEnv('CUTAWAY_DATA', makeFolder({}))
    for (const name of ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR']) vi.stubEnv(name, '')
    return () => vi.unstubAllEnvs()
  })
  // Throws before anything is installed or started.
  const ensure = (): Promise<unknown> =>
    ensureEngine({
      onMessage: (message) => {
        throw new Error(message)
      },
    })

  test('by a context, DOCKER_CONTEXT or DOCKER_HOST', async () => {
    const home = makeFolder({ '.docker/config.json': '{"currentContext":"prod"}' })
    for (const environment of [
      { HOME: home },
      { HOME: '/none', DOCKER_CONTEXT: 'x' },
      { HOME: '/none', DOCKER_HOST: 'x' },
    ])
      expect(canStartPrivateEngine(environment)).toBe(false)
    await expect(ensure()).rejects.toMatchObject({ failure: { chosenBy: 'docker context use' } })
  })

  test('by a pick in the app, unless this start is told another one', async () => {
    await changeSettings(settingsFile(), { engineAddress: 'unix:///picked.sock' })
    await expect(ensure()).rejects.toMatchObject({
      failure: { chosenBy: 'app', tried: [{ address: 'unix:///picked.sock', reason: 'there is no such socket' }] },
    })
    vi.stubEnv('DOCKER_CONTEXT', 'x')
    await expect(ensure()).rejects.toMatchObject({ failure: { chosenBy: 'DOCKER_CONTEXT' } })
    vi.stubEnv('DOCKER_HOST', 'unix:///host.sock')
    await expect(ensure()).rejects.toMatchObject({ failure: { chosenBy: 'DOCKER_HOST' } })
  })

  test('the list of engines has the reason of each', async () => {
    const home = makeFolder({
      [metaPath('far')]: '{"Name":"far","Endpoints":{"docker":{"Host":"tcp://127.0.0.1:1"}}}',
      [metaPath('old')]: '{',
    })
    vi.stubEnv('HOME', home)
    vi.stubEnv('DOCKER_CONTEXT', 'gone')
    const options = await engineOptions(new EngineChoice(settingsFile()))
    const far = { address: 'tcp://127.0.0.1:1', origin: 'docker context far', version: undefined }
    expect(options).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...far, reason: 'connection refused' }),
        expect.objectContaining({ address: '', reason: expect.stringMatching(/meta\.json cannot be read/) }),
        expect.objectContaining({ origin: 'docker context gone', reason: 'there is no docker context of this name' }),
      ]),
    )
  })
})
