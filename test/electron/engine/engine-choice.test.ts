import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { endpointAt, knownEndpoints } from '../../../electron/engine/docker/endpoints'
import { EngineChoice } from '../../../electron/engine/docker/engine-choice'
import { makeFolder } from '../../support/folder'

/** A socket that answers as an engine of that version does. */
async function startEngine(version: string): Promise<string> {
  const socket = join(makeFolder({}), 'engine.sock')
  const server = createServer((_request, response) => response.end(JSON.stringify({ Version: version })))
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())
  return `unix://${socket}`
}

beforeEach(() => {
  vi.stubEnv('HOME', makeFolder({}))
  vi.stubEnv('XDG_RUNTIME_DIR', '')
  vi.stubEnv('DOCKER_HOST', '')
  vi.stubEnv('CUTAWAY_DATA', makeFolder({}))
  return () => vi.unstubAllEnvs()
})

test('what was picked is used, and found again by the next start; without a pick the first that answers', async () => {
  const [one, two] = [await startEngine('1.1'), await startEngine('2.2')]
  const file = join(makeFolder({}), 'settings.json')
  const choice = new EngineChoice(file)
  await choice.choose(two)
  expect((await choice.find()).version.version).toBe('2.2')
  expect((await new EngineChoice(file).find()).endpoint.address).toBe(two)
  expect((await choice.list()).find(({ isChosen }) => isChosen)).toMatchObject({
    answer: { version: { version: '2.2' } },
  })
  vi.stubEnv('DOCKER_HOST', one)
  expect((await new EngineChoice(file).find()).version.version).toBe('1.1')
  await choice.choose(undefined)
  expect((await choice.find()).version.version).toBe('1.1')
  expect(JSON.parse(readFileSync(file, 'utf8')).engineAddress).toBeUndefined()
})

test('a pick that does not answer is said, and nothing else is taken in its place', async () => {
  const choice = new EngineChoice(join(makeFolder({}), 'settings.json'))
  await choice.choose('unix:///no/such.sock')
  await expect(choice.find()).rejects.toMatchObject({
    failure: {
      code: 'engine-unreachable',
      tried: [{ address: 'unix:///no/such.sock', reason: 'there is no such socket' }],
      chosenBy: 'app',
    },
  })
  expect((await choice.list()).find(({ isChosen }) => isChosen)?.answer).toEqual({ reason: 'there is no such socket' })
  for (const address of ['docker', 'fd://3', 'ssh://-oProxyCommand=x', 'ssh://me:secret@host'])
    await expect(choice.choose(address)).rejects.toMatchObject({ failure: { code: 'bad-input' } })
})

test('all docker contexts are known, with their names and certificates', () => {
  const ids = ['colima', 'far'].map((name) => createHash('sha256').update(name).digest('hex'))
  const home = makeFolder({
    [`.docker/contexts/meta/${ids[0]}/meta.json`]: '{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///c.sock"}}}',
    [`.docker/contexts/meta/${ids[1]}/meta.json`]: '{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376"}}}',
    [`.docker/contexts/tls/${ids[1]}/docker/ca.pem`]: '',
    '.docker/contexts/meta/damaged/meta.json': '{',
  })
  const environment = { HOME: home, DOCKER_HOST: 'tcp://box:2375' }
  const named = knownEndpoints(environment).map(({ address, name }) => [address, name])
  expect(named).toEqual(
    expect.arrayContaining([
      ['tcp://box:2375', undefined],
      ['unix:///c.sock', 'colima'],
      ['tcp://far:2376', 'far'],
    ]),
  )
  expect(endpointAt('tcp://far:2376', environment).certificates).toMatch(/docker$/)
  expect(endpointAt('tcp://new:1', environment)).toMatchObject({ origin: 'your choice', certificates: undefined })
})
