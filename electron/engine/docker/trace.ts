import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { TextDecoder } from 'node:util'
import protobuf from 'protobufjs'
import type { BuildEvent } from '../../core/build/build-event'
import { parseJsonLine } from './json-lines'

interface Timestamp {
  readonly seconds?: number
  readonly nanos?: number
}

interface StatusResponse {
  readonly vertexes?: readonly {
    readonly digest: string
    readonly inputs?: readonly string[]
    readonly name?: string
    readonly cached?: boolean
    readonly started?: Timestamp
    readonly completed?: Timestamp
    readonly error?: string
  }[]
  readonly logs?: readonly { readonly vertex: string; readonly msg?: Uint8Array }[]
}

let messageType: protobuf.Type | undefined

/** The schema travels with dockerode: moby.buildkit.v1.StatusResponse. */
function statusResponse(): protobuf.Type {
  const folder = dirname(createRequire(import.meta.url).resolve('dockerode'))
  messageType ??= protobuf
    .loadSync(join(folder, 'proto/buildkit_status.proto'))
    .lookupType('moby.buildkit.v1.StatusResponse')
  return messageType
}

/** Turns one line of the reply of `POST /build` into build events. Lines of other kinds give none. */
export class TraceDecoder {
  readonly #decoders = new Map<string, TextDecoder>()

  decodeLine(line: string): BuildEvent[] {
    const { id, aux, error, errorDetail } = parseJsonLine(line)
    if (errorDetail !== undefined || error !== undefined) {
      const message = [fieldOf(errorDetail, 'message'), error].find((said) => typeof said === 'string')
      return [{ kind: 'error', message: message ?? 'unknown error' }]
    }
    const imageId = id === 'moby.image.id' ? fieldOf(aux, 'ID') : undefined
    if (typeof imageId === 'string') return [{ kind: 'image', imageId }]
    if (id === 'moby.buildkit.trace' && typeof aux === 'string') return this.#decode(aux)
    return []
  }

  #decode(base64: string): BuildEvent[] {
    const type = statusResponse()
    const decoded = type.toObject(type.decode(Buffer.from(base64, 'base64')), { longs: Number }) as StatusResponse
    const vertices = (decoded.vertexes ?? []).map(
      (vertex): BuildEvent => ({
        kind: 'vertex',
        digest: vertex.digest,
        name: vertex.name ?? '',
        inputs: vertex.inputs ?? [],
        cached: vertex.cached ?? false,
        startedMs: milliseconds(vertex.started),
        completedMs: milliseconds(vertex.completed),
        error: vertex.error ?? '',
      }),
    )
    const logs = (decoded.logs ?? []).map(
      (log): BuildEvent => ({ kind: 'log', vertex: log.vertex, text: this.#text(log.vertex, log.msg) }),
    )
    return [...vertices, ...logs]
  }

  /** A chunk may end inside a character, so each vertex has its own decoder. */
  #text(vertex: string, bytes: Uint8Array | undefined): string {
    const decoder = this.#decoders.get(vertex) ?? new TextDecoder()
    this.#decoders.set(vertex, decoder)
    return decoder.decode(bytes ?? new Uint8Array(), { stream: true })
  }
}

const milliseconds = (time: Timestamp | undefined): number | undefined =>
  time === undefined ? undefined : (time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
