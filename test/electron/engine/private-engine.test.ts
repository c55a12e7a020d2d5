import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EngineError } from '../../../electron/core/failure'
import { candidateEndpoints } from '../../../electron/engine/docker/endpoints'
import { type FoundEngine, findEngine } from '../../../electron/engine/docker/find-engine'
import {
  canStartPrivateEngine,
  type EngineSetup,
  ensureEngine,
  type SetupOptions,
} from '../../../electron/engine/setup/private-engine'
import { takeLock } from '../../../electron/engine/setup/start-lock'
import { makeFolder } from '../../support/folder'

/** A machine without an engine: its usual socket is in the home folder, its own engine a server of the test. */
function machine() {
  const home = makeFolder({ '.colima/default/.keep': '', '.colima/lock/.keep': '' })
  const environment = { HOME: home, CUTAWAY_DATA: join(home, 'data'), DOCKER_HOST: undefined }
  // Other sockets of the machine that runs the tests do not count.
  const candidates = () => candidateEndpoints(environment).filter(({ address }) => address.includes(home))
  const state = { installed: 0, started: 0 }
  const messages: string[] = []
  const setup: EngineSetup = {
    canStart: () => true,
    findAny: async () => {
      for (const { address } of candidates()) {
        const found = await findEngine(environment, { address }).catch(() => undefined)
        if (found) return found
      }
      throw new EngineError({ code: 'engine-unreachable', tried: [], chosenBy: undefined })
    },
    hasSocket: () => candidates().length > 0,
    isInstalled: () => state.installed > 0,
    install: async () => void state.installed++,
    startOwn: async () => {
      state.started++
      return { endpoint: { address: 'own' } } as unknown as FoundEngine
    },
    takeLock: () => takeLock(join(home, '.colima/lock/starting')),
  }
  const options: SetupOptions = { onMessage: (text) => void messages.push(text) }
  return { setup, options, state, messages, usualSocket: join(home, '.colima/default/docker.sock') }
}

/** An engine at a socket; it answers only after the given number of requests. */
function engineAt(socket: string, deafFor = 0): Promise<Server> {
  let left = deafFor
  const server = createServer((_, response) => {
    response.writeHead(left-- > 0 ? 503 : 200, { 'Content-Type': 'application/json' })
    response.end('{"Version":"26.1"}')
  })
  onTestFinished(() => void server.close())
  return new Promise((resolve) => server.listen(socket, () => resolve(server)))
}

test('the engine that the package starts is used, not one of our own beside it', async () => {
  const { setup, options, state, usualSocket } = machine()
  const install = async (): Promise<void> => {
    await setup.install(options)
    await engineAt(usualSocket)
  }
  const { endpoint } = await ensureEngine(options, { ...setup, install })
  expect([endpoint.address, state]).toEqual([`unix://${usualSocket}`, { installed: 1, started: 0 }])
})

test('an engine of the package that takes a moment to answer is waited for', async () => {
  const { setup, options, state, usualSocket } = machine()
  const install = async (): Promise<void> => {
    await setup.install(options)
    await engineAt(usualSocket, 3)
  }
  const { endpoint } = await ensureEngine(options, { ...setup, install })
  expect([endpoint.address, state.started]).toEqual([`unix://${usualSocket}`, 0])
})

test('where the machine’s policy keeps the package from starting it, Cutaway’s own engine starts', async () => {
  const { setup, options, state } = machine()
  const { endpoint } = await ensureEngine(options, setup)
  expect([endpoint.address, state]).toEqual(['own', { installed: 1, started: 1 }])
})

test('an engine that was installed but does not run is left alone', async () => {
  const { setup, options, state } = machine()
  await ensureEngine(options, { ...setup, isInstalled: () => true })
  expect(state).toEqual({ installed: 0, started: 1 })
})

test('a second Cutaway uses what the first one’s installation starts', async () => {
  const { setup, options, state, messages, usualSocket } = machine()
  let finish: (() => void) | undefined
  const install = (): Promise<void> =>
    new Promise((resolve) => {
      finish = resolve
    })
  const first = ensureEngine(options, { ...setup, install })
  await expect.poll(() => finish).toBeDefined()
  const second = ensureEngine(options, setup)
  await expect.poll(() => messages).toContain('Another Cutaway is starting the container engine …')
  await engineAt(usualSocket)
  expect((await second).endpoint.address).toBe(`unix://${usualSocket}`)
  finish?.()
  expect((await first).endpoint.address).toBe(`unix://${usualSocket}`)
  expect(state).toEqual({ installed: 0, started: 0 })
})

test('a second Cutaway starts one itself when the first fails', async () => {
  const { setup, options, state } = machine()
  let fail: (() => void) | undefined
  const install = (): Promise<void> =>
    new Promise((_, reject) => {
      fail = () => reject(new Error('E: no'))
    })
  const first = ensureEngine(options, { ...setup, install }).catch((error) => error)
  await expect.poll(() => fail).toBeDefined()
  const second = ensureEngine(options, setup)
  fail?.()
  expect(await first).toBeInstanceOf(EngineError)
  expect((await second).endpoint.address).toBe('own')
  expect(state).toEqual({ installed: 1, started: 1 })
})

test('what apt or the daemon says of a failure is told', async () => {
  const { setup, options, messages } = machine()
  const install = (): Promise<void> => Promise.reject(new Error('apt-get ended with 100: E: Unable to locate package'))
  await expect(ensureEngine(options, { ...setup, install })).rejects.toBeInstanceOf(EngineError)
  expect(messages).toEqual([
    'Cutaway’s own engine could not be set up: apt-get ended with 100: E: Unable to locate package',
  ])
})

test('no engine is started in the place of one that the user named', () => {
  const id = createHash('sha256').update('box').digest('hex')
  const home = makeFolder({
    '.docker/config.json': '{"currentContext":"box"}',
    [`.docker/contexts/meta/${id}/meta.json`]: '{"Name":"box","Endpoints":{"docker":{"Host":"tcp://box:2375"}}}',
  })
  vi.spyOn(process, 'getuid').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
  expect(canStartPrivateEngine({ HOME: home })).toBe(false)
  expect(canStartPrivateEngine({ HOME: '/nowhere', DOCKER_HOST: 'tcp://box:2375' })).toBe(false)
  expect(canStartPrivateEngine({ HOME: '/nowhere' })).toBe(existsSync('/usr/bin/apt-get'))
})
