import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { type Duplex, Readable } from 'node:stream'
import Modem from 'docker-modem'
import type { HistoryBytes } from '../../core/build/stage-sizes'
import { EngineError } from '../../core/failure'
import type { Endpoint } from './endpoints'
import type { RegistryAuth } from './registry-auth'
import type {
  EngineInfo,
  EngineVersion,
  HistoryReply,
  ImageInspection,
  ImageReply,
  InfoReply,
  ListedImage,
  ListReply,
  VersionReply,
} from './replies'

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Without a version prefix: pinning one would shut out older or newer engines. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  /** A stream is sent as it is (a tar), anything else as JSON. */
  readonly body?: Readable | object
  readonly signal?: AbortSignal | undefined
  /** Sent to the engine for the registry it pulls from. */
  readonly registryAuth?: RegistryAuth | undefined
}

/** A connection to one engine. The only file that knows docker-modem, and the only one that reads its errors. */
export class EngineClient {
  readonly endpoint: Endpoint
  readonly #modem: Modem

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
    this.#modem = new Modem(connectionOptions(endpoint))
  }

  /** Throws engine-unreachable when nothing answers within two seconds. */
  async version(): Promise<EngineVersion> {
    const request = { method: 'GET', path: '/version', signal: AbortSignal.timeout(2000) } as const
    const version = await this.json<VersionReply>(request).catch((cause) => {
      throw new EngineError({ code: 'engine-unreachable', tried: [this.endpoint.address] }, { cause })
    })
    const isPodman = version.Components?.some((component) => component.Name.startsWith('Podman')) ?? false
    return { name: isPodman ? 'Podman' : 'Docker', version: version.Version, isPodman }
  }

  async info(): Promise<EngineInfo> {
    const info = await this.json<InfoReply>({ method: 'GET', path: '/info' })
    const architecture = { x86_64: 'amd64', aarch64: 'arm64' }[info.Architecture ?? ''] ?? info.Architecture
    return {
      rootFolder: info.DockerRootDir ?? '',
      driver: info.Driver,
      isContainerd:
        info.DriverStatus?.some(([key, value]) => key === 'driver-type' && value.includes('containerd')) ?? false,
      platform: `${info.OSType ?? 'linux'}/${architecture}`,
    }
  }

  /** All images with a name, without what building left behind. */
  async listImages(): Promise<ListedImage[]> {
    const images = await this.json<readonly ListReply[]>({
      method: 'GET',
      path: '/images/json',
      query: { manifests: '1' },
    })
    return images.map(({ Id, RepoTags, Labels, Manifests }) => ({
      imageId: Id,
      tags: (RepoTags ?? []).filter((tag) => !tag.startsWith('<none>')),
      labels: Labels ?? {},
      totalBytes: Manifests?.reduce((sum, manifest) => sum + (manifest.Size?.Total ?? 0), 0),
    }))
  }

  /** The image, or undefined when the engine does not have it. */
  async inspectImage(reference: string): Promise<ImageInspection | undefined> {
    const path = `/images/${encodeURIComponent(reference)}/json`
    const reply = await this.json<ImageReply>({ method: 'GET', path }).catch(absentIs404)
    if (reply === undefined) return undefined
    const labels = reply.Config?.Labels ?? {}
    const tags = reply.RepoTags ?? []
    return { imageId: reply.Id, engineBytes: reply.Size, diffIds: reply.RootFS.Layers ?? [], labels, tags }
  }

  /** What each instruction of an image added, newest first. Throws engine-refused when there is no such image. */
  async history(reference: string): Promise<HistoryBytes[]> {
    const path = `/images/${encodeURIComponent(reference)}/history`
    const entries = await this.json<readonly HistoryReply[]>({ method: 'GET', path })
    return entries.map(({ CreatedBy, Size }) => ({ createdBy: CreatedBy, engineBytes: Size }))
  }

  /** `reference` is `name:tag`; a tag that another image had moves. */
  async tagImage(imageId: string, reference: string): Promise<void> {
    const colon = reference.lastIndexOf(':')
    const query = { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    await drain(await this.stream({ method: 'POST', path: `/images/${encodeURIComponent(imageId)}/tag`, query }))
  }

  async removeImage(reference: string): Promise<void> {
    await this.stream({ method: 'DELETE', path: `/images/${encodeURIComponent(reference)}`, query: { force: 'true' } })
      .then(drain)
      .catch(absentIs404)
  }

  async json<T>(request: EngineRequest): Promise<T> {
    const text = await readText(await this.stream(request))
    return JSON.parse(text === '' ? 'null' : text) as T
  }

  /** The reply as a stream. Throws engine-lost, engine-refused or cancelled. */
  async stream(request: EngineRequest): Promise<IncomingMessage> {
    if (request.signal?.aborted) throw new EngineError({ code: 'cancelled' })
    try {
      const reply = await this.#dial(request)
      // An abort after the headers must end the reply too.
      const abort = (): void => {
        reply.destroy()
      }
      request.signal?.addEventListener('abort', abort, { once: true })
      reply.once('close', () => request.signal?.removeEventListener('abort', abort))
      return reply
    } catch (cause) {
      throw this.#asEngineError(request, cause)
    }
  }

  /** The standard streams of a container as one connection; ending it ends the container's input only. Throws as stream does. */
  attach(container: string): Promise<Duplex> {
    const path = `/containers/${container}/attach`
    // Node sends a head with the first write, and what follows would be the container's input: an empty write, and no end.
    const onlyHead = new Readable({ objectMode: true, read: () => undefined })
    onlyHead.push(Buffer.alloc(0))
    const options = {
      method: 'POST',
      path: `${path}?`,
      isStream: true,
      hijack: true,
      openStdin: true,
      statusCodes: { 101: true, 200: true },
      options: { _query: { stream: '1', stdin: '1', stdout: '1', stderr: '1' } },
      file: onlyHead,
    }
    return new Promise((resolve, reject) => {
      this.#modem.dial(options as never, (error: unknown, stream: unknown) => {
        if (error) reject(this.#asEngineError({ method: 'POST', path }, error))
        else resolve(stream as Duplex)
      })
    })
  }

  #dial(request: EngineRequest): Promise<IncomingMessage> {
    const { method, path, query, body, signal, registryAuth } = request
    const isStream = body instanceof Readable
    const options = {
      method,
      // The client library expects the question mark and adds the query itself.
      path: query === undefined ? path : `${path}?`,
      isStream: true,
      statusCodes: { 200: true, 201: true, 204: true },
      options: { _query: query ?? {}, _body: isStream || body === undefined ? {} : body },
      ...(isStream ? { file: body } : {}),
      ...(registryAuth === undefined ? {} : { authconfig: registryAuth }),
      // With a body the abort destroys the body instead: an early abort of such a request is an uncaught error.
      ...(signal === undefined || isStream ? {} : { abortSignal: signal }),
    }
    return new Promise((resolve, reject) => {
      this.#modem.dial(options as never, (error: unknown, reply: unknown) => {
        if (error) reject(error)
        else resolve(reply as IncomingMessage)
      })
    })
  }

  /** Errors while a reply is read arrive as stream errors; this gives them the same meaning. */
  asLost(cause: unknown, signal?: AbortSignal): EngineError {
    if (signal?.aborted) return new EngineError({ code: 'cancelled' }, { cause })
    if (cause instanceof EngineError) return cause
    return new EngineError({ code: 'engine-lost', endpoint: this.endpoint.address }, { cause })
  }

  #asEngineError(request: EngineRequest, cause: unknown): EngineError {
    if (request.signal?.aborted) return new EngineError({ code: 'cancelled' }, { cause })
    const status = (cause as { statusCode?: number }).statusCode
    if (status === undefined) return this.asLost(cause)
    const detail = (cause as Error).message.replace(/^\(HTTP code \d+\) unexpected - /, '').trim()
    if (/no space left on device/i.test(detail))
      return new EngineError({ code: 'disk-full', where: 'engine' }, { cause })
    const what = `${request.method} ${request.path}`
    return new EngineError({ code: 'engine-refused', request: what, status, detail }, { cause })
  }
}

export async function readText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** For requests about one thing: "not found" is an answer, not a failure. */
export function absentIs404(error: unknown): undefined {
  if (error instanceof EngineError && error.failure.code === 'engine-refused' && error.failure.status === 404) return
  throw error
}

function connectionOptions(endpoint: Endpoint): Modem.ConstructorOptions {
  const { protocol, hostname, port, username, pathname } = new URL(
    endpoint.address.replace(/^npipe:\/\/\/\//, 'npipe:///'),
  )
  if (protocol === 'unix:') return { socketPath: decodeURIComponent(pathname) }
  if (protocol === 'npipe:') return { socketPath: endpoint.address.slice('npipe://'.length) }
  if (protocol === 'ssh:') return { protocol: 'ssh', host: hostname, port: port || '22', username }
  const tls = endpoint.certificates
  if (tls === undefined) return { protocol: 'http', host: hostname, port: port || '2375' }
  const pem = (name: string): Buffer => readFileSync(join(tls, name))
  return {
    protocol: 'https',
    host: hostname,
    port: port || '2376',
    ca: pem('ca.pem'),
    cert: pem('cert.pem'),
    key: pem('key.pem'),
  }
}
