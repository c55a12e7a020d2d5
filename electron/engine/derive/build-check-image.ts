import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { runBuild } from '../docker/build'
import type { EngineClient } from '../docker/client'

export type CheckBuild = { readonly ok: true; readonly imageId: string } | { readonly ok: false; readonly log: string }

export interface CheckOptions {
  readonly signal: AbortSignal
  readonly label: Readonly<Record<string, string>>
  /** The lease that keeps the image, and lets it be found when this process is killed. */
  readonly tag: string
}

/** Builds a Dockerfile that needs no context; the image's only name is the lease. Throws engine-lost, engine-refused, cancelled. */
export async function buildCheckImage(
  client: EngineClient,
  dockerfile: string,
  { signal, label, tag }: CheckOptions,
): Promise<CheckBuild> {
  const pack = tar.pack()
  pack.entry({ name: 'Dockerfile' }, dockerfile)
  pack.finalize()
  let imageId: string | undefined
  const log: string[] = []
  const request = {
    context: Readable.from(pack, { objectMode: false }),
    dockerfile: 'Dockerfile',
    target: undefined,
    noCache: false,
    labels: label,
    tag,
  }
  await runBuild(client, request, {
    signal,
    onEvent: (event) => {
      if (event.kind === 'image') imageId = event.imageId
      else if (event.kind === 'log') log.push(event.text)
      else if (event.kind === 'error') log.push(event.message)
      else if (event.error !== '') log.push(event.error)
    },
  })
  return imageId === undefined ? { ok: false, log: log.join('\n') } : { ok: true, imageId }
}
