import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EngineError } from '../../../electron/core/failure'
import { buildVariants } from '../../../electron/engine/docker/build-variants'
import { EngineClient } from '../../../electron/engine/docker/client'
import { candidateEndpoints } from '../../../electron/engine/docker/endpoints'
import { findEngine } from '../../../electron/engine/docker/find-engine'
import { PullError, pullImage } from '../../../electron/engine/docker/pull'
import { makeFolder } from '../../support/folder'

test('DOCKER_HOST is the only candidate when it is set', () => {
  const found = candidateEndpoints({
    HOME: '/nowhere',
    DOCKER_HOST: 'tcp://box:2376',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: '/certs',
  })
  expect(found).toEqual([
    { address: 'tcp://box:2376', origin: 'DOCKER_HOST', tls: 'verified', certificates: '/certs', isPrivate: false },
  ])
})

test('the current Docker context is the only candidate; without one the usual sockets are', () => {
  const id = createHash('sha256').update('colima').digest('hex')
  const home = makeFolder({
    '.docker/config.json': JSON.stringify({ currentContext: 'colima' }),
    [`.docker/contexts/meta/${id}/meta.json`]: JSON.stringify({ Endpoints: { docker: { Host: 'unix:///c.sock' } } }),
    '.colima/default/docker.sock': '',
    'data/engine/docker.sock': '',
  })
  const found = (environment: NodeJS.ProcessEnv): string[][] =>
    candidateEndpoints({ HOME: home, CUTAWAY_DATA: join(home, 'data'), ...environment })
      .filter(({ address }) => !/^unix:\/\/(\/var)?\/run\//.test(address))
      .map(({ address, origin }) => [address, origin])
  expect(found({})).toEqual([['unix:///c.sock', 'docker context']])
  const local = [
    [`unix://${home}/.colima/default/docker.sock`, 'usual socket'],
    [`unix://${home}/data/engine/docker.sock`, 'private engine'],
  ]
  expect(found({ DOCKER_CONTEXT: 'default' })).toEqual(local)
  expect(found({ DOCKER_CONTEXT: 'default', DOCKER_HOST: ' ' })).toEqual(local)
  expect(found({ DOCKER_CONTEXT: '', DOCKER_HOST: '' })).toEqual([['unix:///c.sock', 'docker context']])
  expect(found({ DOCKER_CONTEXT: 'x', DOCKER_HOST: 'unix:///h.sock' })).toEqual([['unix:///h.sock', 'DOCKER_HOST']])
})

test('when nothing answers the failure names the engine, the setting and the reason', async () => {
  const error = await findEngine({ HOME: '/nowhere', DOCKER_HOST: 'unix:///no/such.sock' }).catch((reason) => reason)
  expect((error as EngineError).failure).toEqual({
    code: 'engine-unreachable',
    tried: [{ address: 'unix:///no/such.sock', context: undefined, reason: 'there is no such socket' }],
    chosenBy: 'DOCKER_HOST',
  })
})

/** A server that answers like an engine's one request. */
async function engineThatSays(
  status: number,
  body: string,
  onRequest: (request: IncomingMessage) => void = () => undefined,
): Promise<EngineClient> {
  const socket = join(makeFolder({}), 'engine.sock')
  const server = createServer((request, response) => {
    onRequest(request)
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())
  return new EngineClient({
    address: `unix://${socket}`,
    origin: 'usual socket',
    certificates: undefined,
    isPrivate: false,
  })
}

test.each([
  ['{"error":"dial tcp: lookup registry: no such host"}', 'registry-unreachable'],
  ['{"error":"toomanyrequests: You have reached your pull rate limit"}', 'rate-limited'],
  ['{"error":"manifest for x:1 not found: manifest unknown"}', 'not-found'],
  ['{"error":"pull access denied for x, repository does not exist"}', 'denied'],
])('a refused pull is understood: %s', async (line, reason) => {
  for (const [status, body] of [
    [200, `{"status":"Pulling"}\n${line}\n`],
    [500, line.replace('"error"', '"message"')],
  ] as const) {
    const error = await pullImage(await engineThatSays(status, body), 'x:1').catch((cause) => cause)
    expect(error).toBeInstanceOf(PullError)
    expect((error as PullError).reason).toBe(reason)
  }
})

test('an engine that goes away in the middle of an answer is engine-lost', async () => {
  const socket = join(makeFolder({}), 'engine.sock')
  const server = createServer((_request, response) => {
    response.write('{"half')
    setTimeout(() => response.destroy(), 20)
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())
  const client = new EngineClient({
    address: `unix://${socket}`,
    origin: 'usual socket',
    certificates: undefined,
    isPrivate: false,
  })
  const error = await pullImage(client, 'x').catch((cause) => cause)
  expect((error as EngineError).failure).toMatchObject({ code: 'engine-lost' })
})

test('Podman is told to have no BuildKit before anything is pulled', async () => {
  const client = await engineThatSays(
    200,
    '{"Version":"4.3","ApiVersion":"1.41","Driver":"overlay","Components":[{"Name":"Podman Engine"}]}',
  )
  const options = {
    folder: '/x',
    noCache: false,
    signal: new AbortController().signal,
    onMessage: () => undefined,
    onProgress: () => undefined,
  }
  await expect(buildVariants(client, [], options)).rejects.toThrow(
    'Podman 4.3 cannot build for Cutaway: it has no BuildKit.',
  )
})

test('relative paths of the environment count from the folder that Cutaway was started in', () => {
  const environment = { INIT_CWD: '/started', DOCKER_HOST: 'unix://run/docker.sock', DOCKER_CONFIG: 'config' }
  expect(candidateEndpoints(environment)[0]?.address).toBe('unix:///started/run/docker.sock')
  const secure = { ...environment, DOCKER_HOST: 'tcp://far:1', DOCKER_TLS_VERIFY: '1' }
  expect(candidateEndpoints(secure)[0]?.certificates).toBe('/started/config')
  expect(candidateEndpoints({ ...secure, DOCKER_CERT_PATH: 'certs' })[0]?.certificates).toBe('/started/certs')
})
