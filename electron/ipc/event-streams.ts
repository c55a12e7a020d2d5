import type { ServerResponse } from 'node:http'
import type { AuthorizedCall } from './admission'
import type { HostEvent } from './contract'

/** More than a person has tabs: a browser opens six connections to one host. */
const maxStreams = 32
/** A page that is further behind has stopped reading. It reconnects if it is still there. */
const maxBufferedBytes = 8 << 20

/** The open event streams: replies of JSON lines that don't end. */
export class EventStreams {
  readonly #streams = new Set<ServerResponse>()

  /** Keeps a reply, whose head has not been sent, as a stream. False when there are too many. */
  open(_call: AuthorizedCall, response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.#streams.size >= maxStreams) return false
    response.writeHead(200, { ...headers, 'Content-Type': 'application/x-ndjson' })
    response.flushHeaders()
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
    return true
  }

  emit(event: HostEvent): void {
    const line = `${JSON.stringify(event)}\n`
    for (const stream of [...this.#streams]) {
      if (stream.writableLength <= maxBufferedBytes) stream.write(line)
      else this.#drop(stream)
    }
  }

  #drop(stream: ServerResponse): void {
    this.#streams.delete(stream)
    stream.destroy()
  }
}
