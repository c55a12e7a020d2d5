import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import { EngineClient } from '../../../electron/engine/docker/client'
import { makeFolder } from '../../support/folder'

/** A server of bytes: answers each request with the same ones and, where it is given, more until nobody listens. */
async function serve(answer: string, endless?: string): Promise<EngineClient> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(answer)
      if (endless === undefined) socket.end()
      else if (endless !== '') pour(socket, endless)
    })
  })
  const path = join(makeFolder({}), 'engine.sock')
  await listen(server, { path })
  return clientAt(`unix://${path}`)
}

function pour(socket: Socket, chunk: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

async function listen(server: Server, place: { readonly path: string } | { readonly port: number }): Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', ...place }, resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
}

const clientAt = (address: string): EngineClient =>
  new EngineClient({ address, origin: 'usual socket', certificates: undefined, isPrivate: false })

const reply = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`

const reasonFor = async (client: EngineClient): Promise<string> => {
  const error = await client.version({ patienceMs: 5000 }).catch((cause) => cause)
  expect(error.failure.code).toBe('engine-unreachable')
  return error.failure.tried[0].reason
}

const page =
  '<!doctype html><html><head><title>Welcome</title><style>b {}</style></head><body><h1>It\u001b[2J works</h1></body></html>'

describe('what is no engine is said to be none', () => {
  test.each([
    ['a page', reply('200 OK', page), /isn’t a container engine \(status 200\): .*doctype/],
    ['a page that is missing', reply('404 Not Found', page), /isn’t a container engine \(status 404\): It \[2J works$/],
    ['nothing', reply('200 OK', ''), /isn’t a container engine \(status 200\): .*empty/],
    ['null', reply('200 OK', 'null'), /isn’t a container engine/],
    ['an array', reply('200 OK', '[]'), /isn’t a container engine/],
    ['another version', reply('200 OK', '{"Version":5}'), /isn’t a container engine/],
    ['a message that is none', reply('500 No', '{"message":{"a":1}}'), /status 500\): \{"message":\{"a":1\}\}/],
    [
      'a redirect to an unknown scheme',
      'HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\nContent-Length: 0\r\n\r\n',
      /status 302/,
    ],
    [
      'a redirect without an address',
      'HTTP/1.1 302 Found\r\nLocation: mailto\r\nContent-Length: 0\r\n\r\n',
      /status 302/,
    ],
    ['no HTTP', 'hello\r\n', /^it doesn’t speak HTTP$/],
    ['no answer', '', /^the connection was closed$/],
    ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"Vers', /^the connection was closed$/],
  ])('%s', async (_what, answer, reason) => {
    expect(await reasonFor(await serve(answer))).toMatch(reason)
  })

  test('a reply, or a refusal, without end', async () => {
    expect(await reasonFor(await serve('HTTP/1.1 500 No\r\n\r\n', 'x'.repeat(65_536)))).toMatch(
      /status 500\): x{10,300}…$/,
    )
    expect(await reasonFor(await serve('HTTP/1.1 200 OK\r\n\r\n', ' '.repeat(1 << 20)))).toMatch(
      /isn’t a container engine/,
    )
  })

  test('a switch to another protocol', async () => {
    const client = await serve('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', '')
    const error = await client.version({ patienceMs: 200 }).catch((cause) => cause)
    expect(error.failure.tried[0].reason).toBe('no answer within 0.2 s')
  })

  test('a redirect is not followed', async () => {
    let connections = 0
    const other = createServer((socket) => {
      connections++
      socket.end()
    })
    await listen(other, { port: 0 })
    const { port } = other.address() as AddressInfo
    const redirect = `HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:${port}/version\r\nContent-Length: 0\r\n\r\n`
    expect(await reasonFor(await serve(redirect))).toMatch(/status 307/)
    expect(connections).toBe(0)
  })
})

describe('replies that cannot be read are failures of that request', () => {
  test.each(['', 'null', '{}', '<html>', '{"Driver":7}'])('/info: %s', async (body) => {
    const error = await (await serve(reply('200 OK', body))).info().catch((cause) => cause)
    expect(error.failure).toMatchObject({ code: 'engine-refused', request: 'GET /info', status: 200 })
    expect(describeFailure(error.failure).title).toMatch(/^The container engine’s answer to GET \/info can’t be read/)
  })

  test('fields that are null or of another type count as absent', async () => {
    const client = await serve(
      reply('200 OK', '{"Driver":"overlay2","DriverStatus":null,"OSType":4,"Architecture":"x86_64"}'),
    )
    expect(await client.info()).toEqual({
      rootFolder: '',
      driver: 'overlay2',
      isContainerd: false,
      platform: 'linux/amd64',
    })
  })

  test('lists, images and histories', async () => {
    const client = await serve(reply('200 OK', '{"message":"proxy"}'))
    for (const ask of [() => client.listImages(), () => client.inspectImage('x'), () => client.history('x')])
      await expect(ask()).rejects.toMatchObject({ failure: { code: 'engine-refused' } })
  })

  test('a refusal has the engine’s own message', async () => {
    const client = await serve(reply('409 Conflict', '{"message":"image is in use\\n"}'))
    await expect(client.removeImage('x')).rejects.toMatchObject({
      failure: { code: 'engine-refused', request: 'DELETE /images/x', status: 409, detail: 'image is in use' },
    })
    expect(await (await serve(reply('404 Not Found', '{"message":"no such image"}'))).inspectImage('x')).toBeUndefined()
  })
})

test('DOCKER_HOST does not lead requests for another engine elsewhere', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1')
  vi.stubEnv('DOCKER_CERT_PATH', '/no/such/folder')
  onTestFinished(() => void vi.unstubAllEnvs())
  const client = await serve(reply('200 OK', '{"Version":"9.9"}'))
  expect((await client.version()).version).toBe('9.9')
})

test.each(['fd://3', 'ssh://-x', 'tcp://', 'unix:///no/such.sock', 'https://127.0.0.1:1', ''])(
  'a client of an address that cannot be used fails at its first request only: “%s”',
  async (address) => {
    const client = clientAt(address)
    await expect(client.version()).rejects.toMatchObject({ failure: { code: 'engine-unreachable' } })
    await expect(client.info()).rejects.toMatchObject({ failure: { code: expect.stringMatching(/^engine-/) } })
    await expect(client.attach('x')).rejects.toMatchObject({ failure: { code: expect.stringMatching(/^engine-/) } })
  },
)
