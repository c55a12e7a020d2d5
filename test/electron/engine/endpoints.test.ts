import { createHash } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { EngineError } from '../../../electron/core/failure'
import { buildVariants } from '../../../electron/engine/docker/build-variants'
import { EngineClient } from '../../../electron/engine/docker/client'
import { candidateEndpoints } from '../../../electron/engine/docker/endpoints'
import { findEngine } from '../../../electron/engine/docker/find-engine'
import { PullError, pullImage } from '../../../electron/engine/docker/pull'
import { registryAuth } from '../../../electron/engine/docker/registry-auth'
import { makeFolder } from '../../support/folder'

test('DOCKER_HOST is the only candidate when it is set', () => {
  const found = candidateEndpoints({
    HOME: '/nowhere',
    DOCKER_HOST: 'tcp://box:2376',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: '/certs',
  })
  expect(found).toEqual([
    { address: 'tcp://box:2376', origin: 'DOCKER_HOST', certificates: '/certs', isPrivate: false },
  ])
})

test('the current Docker context comes before the usual sockets', () => {
  const id = createHash('sha256').update('colima').digest('hex')
  const home = makeFolder({
    '.docker/config.json': JSON.stringify({ currentContext: 'colima' }),
    [`.docker/contexts/meta/${id}/meta.json`]: JSON.stringify({ Endpoints: { docker: { Host: 'unix:///c.sock' } } }),
    '.colima/default/docker.sock': '',
    'data/engine/docker.sock': '',
  })
  const found = candidateEndpoints({ HOME: home, CUTAWAY_DATA: join(home, 'data') }).filter(
    ({ address }) => !address.includes('/run/'),
  )
  expect(found.map(({ address, origin }) => [address, origin])).toEqual([
    ['unix:///c.sock', 'docker context'],
    [`unix://${home}/.colima/default/docker.sock`, 'usual socket'],
    [`unix://${home}/data/engine/docker.sock`, 'private engine'],
  ])
})

test('when nothing answers the failure names what was tried', async () => {
  const error = await findEngine({ HOME: '/nowhere', DOCKER_HOST: 'unix:///no/such.sock' }).catch((reason) => reason)
  expect((error as EngineError).failure).toEqual({ code: 'engine-unreachable', tried: ['unix:///no/such.sock'] })
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

describe('what docker login left for a registry', () => {
  const login = (config: object, helper?: string): NodeJS.ProcessEnv => {
    const home = makeFolder({
      '.docker/config.json': JSON.stringify(config),
      ...(helper ? { 'bin/docker-credential-test': helper } : {}),
    })
    if (helper) chmodSync(join(home, 'bin/docker-credential-test'), 0o755)
    return { HOME: home }
  }
  const auth = Buffer.from('me:pass:word').toString('base64')
  test('is read from the file, Docker Hub under its old name', async () => {
    const environment = login({ auths: { 'https://index.docker.io/v1/': { auth }, 'ghcr.io': { auth } } })
    const serveraddress = 'https://index.docker.io/v1/'
    expect(await registryAuth('docker.io', environment)).toEqual({
      username: 'me',
      password: 'pass:word',
      serveraddress,
    })
    expect(await registryAuth('ghcr.io', environment)).toMatchObject({ serveraddress: 'ghcr.io' })
    expect(await registryAuth('quay.io', environment)).toBeUndefined()
    expect(await registryAuth('docker.io', { HOME: '/nowhere' })).toBeUndefined()
  })
  test('goes to the engine with the pull', async () => {
    const { HOME } = login({ auths: { 'ghcr.io': { auth } } })
    vi.stubEnv('DOCKER_CONFIG', join(HOME!, '.docker'))
    onTestFinished(() => void vi.unstubAllEnvs())
    let sent: unknown
    const client = await engineThatSays(200, '{}', ({ headers }) => {
      sent = JSON.parse(Buffer.from(String(headers['x-registry-auth']), 'base64url').toString())
    })
    await pullImage(client, 'ghcr.io/a/b:1')
    expect(sent).toEqual({ username: 'me', password: 'pass:word', serveraddress: 'ghcr.io' })
  })
  test('is asked of a credential helper', async () => {
    const script = '#!/bin/sh\nread registry\nprintf \'{"Username":"%s","Secret":"s"}\' "$registry"\n'
    const environment = login({ credHelpers: { 'ghcr.io': 'test' } }, script)
    vi.stubEnv('PATH', `${environment.HOME}/bin:${process.env.PATH}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await registryAuth('ghcr.io', environment)).toEqual({
      username: 'ghcr.io',
      password: 's',
      serveraddress: 'ghcr.io',
    })
    expect(await registryAuth('ghcr.io', login({ credHelpers: { 'ghcr.io': 'not-installed' } }))).toBeUndefined()
  })
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
