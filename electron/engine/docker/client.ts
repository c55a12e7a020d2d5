import type { IncomingMessage } from 'node:http'
import { type Duplex, Readable } from 'node:stream'
import Modem from 'docker-modem'
import type { z } from 'zod'
import type { HistoryBytes } from '../../core/build/stage-sizes'
import { EngineError } from '../../core/failure'
import { readImageSettings } from '../../core/image/image-settings'
import { type Transport, transportTo } from './connection'
import type { Endpoint } from './endpoint'
import type { RegistryAuth } from './registry-auth'
import {
  type EngineInfo,
  type EngineVersion,
  historyReply,
  type ImageInspection,
  imageReply,
  infoReply,
  type ListedImage,
  listReply,
  versionReply,
} from './replies'
import { SshError } from './ssh-connection'
import { oneLine, reasonOf } from './unreachable'

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

const defaultPatienceMs = 10_000
const maxJsonBytes = 64 << 20
const maxErrorBytes = 64 << 10

/** A connection to one engine. The only file that knows docker-modem, and the only one that reads its errors. */
export class EngineClient {
  readonly endpoint: Endpoint
  readonly #transport: Transport | EngineError
  readonly #modem: Modem

  /** Never throws: an endpoint that cannot be used fails with engine-unreachable at the first request. */
  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
    this.#transport = transportOrError(endpoint)
    this.#modem = modemFor(this.#transport)
  }

  /** Throws engine-unreachable with the reason, also when nothing answers in time or something else than an engine does. */
  async version({ patienceMs = defaultPatienceMs } = {}): Promise<EngineVersion> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new AbortController()
    // Not left to the abort alone: a reply that switches protocols never ends the request.
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer within ${patienceMs / 1000} s`))
        timeout.abort()
      }, patienceMs)
    })
    const request = { method: 'GET', path: '/version', signal: timeout.signal } as const
    try {
      const version = await Promise.race([this.json(request, versionReply), silence])
      const isPodman = version.Components?.some((component) => component.Name.startsWith('Podman')) ?? false
      return { name: isPodman ? 'Podman' : 'Docker', version: oneLine(version.Version), isPodman }
    } catch (cause) {
      throw unreachable(this.endpoint, notAnEngine(cause) ?? reasonOf(cause), cause)
    } finally {
      clearTimeout(timer)
    }
  }

  async info(): Promise<EngineInfo> {
    const info = await this.json({ method: 'GET', path: '/info' }, infoReply)
    const architecture = { x86_64: 'amd64', aarch64: 'arm64' }[info.Architecture ?? ''] ?? info.Architecture
    return {
      rootFolder: info.DockerRootDir ?? '',
      driver: info.Driver,
      isContainerd:
        info.DriverStatus?.some(([key, value]) => key === 'driver-type' && value?.includes('containerd')) ?? false,
      platform: `${info.OSType ?? 'linux'}/${architecture}`,
    }
  }

  /** All images with a name, without what building left behind. */
  async listImages(): Promise<ListedImage[]> {
    const request = { method: 'GET', path: '/images/json', query: { manifests: '1' } } as const
    const images = await this.json(request, listReply)
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
    const reply = await this.json({ method: 'GET', path }, imageReply).catch(absentIs404)
    if (reply === undefined) return undefined
    const labels = reply.Config?.Labels ?? {}
    const tags = reply.RepoTags ?? []
    return {
      imageId: reply.Id,
      engineBytes: reply.Size,
      diffIds: reply.RootFS.Layers ?? [],
      labels,
      tags,
      architecture: reply.Architecture ?? '',
      settings: readImageSettings(reply.Config),
    }
  }

  /** What each instruction of an image added, newest first. Throws engine-refused when there is no such image. */
  async history(reference: string): Promise<HistoryBytes[]> {
    const path = `/images/${encodeURIComponent(reference)}/history`
    const entries = await this.json({ method: 'GET', path }, historyReply)
    return entries.map(({ CreatedBy, Size }) => ({ createdBy: CreatedBy, engineBytes: Size }))
  }

  /** `reference` is `name:tag`; a tag that another image had moves. */
  async tagImage(imageId: string, reference: string): Promise<void> {
    const colon = reference.lastIndexOf(':')
    const query = { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    await drain(await this.stream({ method: 'POST', path: `/images/${encodeURIComponent(imageId)}/tag`, query }))
  }

  async removeImage(reference: string, signal?: AbortSignal): Promise<void> {
    const path = `/images/${encodeURIComponent(reference)}`
    await this.stream({ method: 'DELETE', path, query: { force: 'true' }, signal })
      .then(drain)
      .catch(absentIs404)
  }

  /** The reply's JSON, checked where a schema is given. Throws as stream does, and engine-refused for a reply that isn't such JSON. */
  async json<T>(request: EngineRequest, schema?: z.ZodType<T>): Promise<T> {
    const reply = await this.stream(request)
    const { bytes, isWhole } = await readUpTo(reply, maxJsonBytes).catch((cause) => {
      throw this.asLost(cause, request.signal)
    })
    try {
      if (!isWhole) throw new Error('it is too long')
      const value: unknown = JSON.parse(bytes.length === 0 ? 'null' : bytes.toString('utf8'))
      return schema ? schema.parse(value) : (value as T)
    } catch (cause) {
      const detail = `the reply isn’t what an engine sends: ${oneLine(bytes.toString('utf8', 0, 120)) || 'it is empty'}`
      throw this.#refused(request, { status: reply.statusCode ?? 200, detail }, cause)
    }
  }

  /** The reply as a stream. Throws engine-lost, engine-refused or cancelled. */
  async stream(request: EngineRequest): Promise<IncomingMessage> {
    if (request.signal?.aborted) throw new EngineError({ code: 'cancelled' })
    if (this.#transport instanceof EngineError) throw this.#transport
    try {
      const reply = await this.#dial(request)
      if (!isSuccess(reply)) {
        // What is destroyed early ends with an error, which nobody needs.
        const { bytes } = await readUpTo(reply, maxErrorBytes)
        throw this.#refused(request, { status: reply.statusCode ?? 0, detail: messageOf(bytes.toString('utf8')) })
      }
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
    if (this.#transport instanceof EngineError) return Promise.reject(this.#transport)
    const { prefix } = this.#transport
    const path = `/containers/${container}/attach`
    // Node sends a head with the first write, and what follows would be the container's input: an empty write, and no end.
    const onlyHead = new Readable({ objectMode: true, read: () => undefined })
    onlyHead.push(Buffer.alloc(0))
    const options = {
      method: 'POST',
      path: `${prefix}${path}?`,
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
    const { method, query, body, signal, registryAuth } = request
    const path = this.#transport instanceof EngineError ? request.path : `${this.#transport.prefix}${request.path}`
    const isStream = body instanceof Readable
    const options = {
      method,
      // The client library expects the question mark and adds the query itself.
      path: query === undefined ? path : `${path}?`,
      isStream: true,
      statusCodes: everyStatus,
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
    const reason = cause instanceof SshError ? { reason: cause.message } : {}
    return new EngineError({ code: 'engine-lost', endpoint: this.endpoint.address, ...reason }, { cause })
  }

  #asEngineError(request: EngineRequest, cause: unknown): EngineError {
    if (request.signal?.aborted) return new EngineError({ code: 'cancelled' }, { cause })
    const status = (cause as { statusCode?: number }).statusCode
    if (status === undefined) return this.asLost(cause)
    const detail = messageOf((cause as Error).message.replace(/^\(HTTP code \d+\) unexpected - /, ''))
    return this.#refused(request, { status, detail }, cause)
  }

  #refused(request: EngineRequest, { status, detail }: Refusal, cause?: unknown): EngineError {
    if (/no space left on device/i.test(detail))
      return new EngineError({ code: 'disk-full', where: 'engine' }, { cause })
    const what = `${request.method} ${request.path}`
    return new EngineError({ code: 'engine-refused', request: what, status, detail }, { cause })
  }
}

interface Refusal {
  readonly status: number
  readonly detail: string
}

/** The engine that cannot be used, and why. */
function unreachable(endpoint: Endpoint, reason: string, cause: unknown): EngineError {
  const { address, name } = endpoint
  const tried = [{ address, context: name, reason }]
  return new EngineError({ code: 'engine-unreachable', tried, chosenBy: undefined }, { cause })
}

function transportOrError(endpoint: Endpoint): Transport | EngineError {
  if (endpoint.problem !== undefined) return unreachable(endpoint, endpoint.problem, undefined)
  try {
    return transportTo(endpoint)
  } catch (cause) {
    return unreachable(endpoint, reasonOf(cause), cause)
  }
}

/** Its constructor isn't used: that reads DOCKER_HOST and DOCKER_CERT_PATH whatever it is given, and throws for some values of them. */
function modemFor(transport: Transport | EngineError): Modem {
  const via = transport instanceof EngineError ? {} : { agent: transport.agent, headers: { Host: transport.host } }
  // The socket's path is never opened: the agent makes every connection. With it, paths are sent as they are.
  return Object.assign(Object.create(Modem.prototype), { socketPath: '/', protocol: 'http', ...via })
}

/** Every reply comes back as a stream, so that a refusal is read here, within limits. */
const everyStatus = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [at + 100, true]))

const isSuccess = ({ statusCode }: IncomingMessage): boolean => [200, 201, 204].includes(statusCode ?? 0)

/** Whatever else answers HTTP at an address, for example a web server; undefined when the cause is another one. */
function notAnEngine(cause: unknown): string | undefined {
  if (!(cause instanceof EngineError) || cause.failure.code !== 'engine-refused') return undefined
  const { status, detail } = cause.failure
  if (/HTTP request to an HTTPS server/i.test(detail)) return 'it expects TLS; set DOCKER_TLS_VERIFY=1'
  return `what answers there isn’t a container engine (status ${status}): ${detail || 'the reply is empty'}`
}

/** The engine's own words: the `message` of its JSON, else the text without markup. */
function messageOf(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return oneLine(text.replace(/<(script|style|head)\b.*?<\/\1>/gis, ' ').replace(/<[^>]*>/g, ' '))
  }
  const fields = typeof value === 'object' && value !== null ? { ...value } : {}
  const said = ['message', 'error', 'cause'].map((name) => (fields as Record<string, unknown>)[name])
  return said.find((each): each is string => typeof each === 'string')?.trim() ?? oneLine(text)
}

async function readUpTo(stream: IncomingMessage, limit: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) break
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), isWhole: length <= limit }
}

export async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** For requests about one thing: "not found" is an answer, not a failure. */
export function absentIs404(error: unknown): undefined {
  if (error instanceof EngineError && error.failure.code === 'engine-refused' && error.failure.status === 404) return
  throw error
}
