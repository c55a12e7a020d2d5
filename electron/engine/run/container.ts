import type { Duplex } from 'node:stream'
import { absentIs404, drain, type EngineClient } from '../docker/client'

/** A container that was made to be run; removed with its volumes in every case. */
export interface RunContainer {
  readonly id: string
  /** Its standard streams; attach before start, or the first output is lost. */
  attach(): Promise<Duplex>
  start(): Promise<void>
  kill(): Promise<void>
  /** Resolves when it has ended. */
  wait(): Promise<number>
  inspect(): Promise<ContainerState>
}

export interface ContainerState {
  readonly isOutOfMemory: boolean
  readonly exitCode: number
  readonly error: string
}

interface InspectReply {
  readonly State: { readonly OOMKilled?: boolean; readonly ExitCode: number; readonly Error?: string }
}

/** Creates, hands over, removes. Throws engine-refused, engine-lost. */
export async function withContainer<T>(
  client: EngineClient,
  body: object,
  work: (container: RunContainer) => Promise<T>,
): Promise<T> {
  const labels = { Labels: { 'dev.cutaway.run': 'removed when it has ended' } }
  const { Id: id } = await client.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: { ...body, ...labels },
  })
  const post = async (action: string): Promise<void> =>
    drain(await client.stream({ method: 'POST', path: `/containers/${id}/${action}` }))
  try {
    return await work({
      id,
      attach: () => client.attach(id),
      start: () => post('start'),
      // A container that has ended by then cannot be killed, and need not be.
      kill: () => post('kill').catch(() => undefined),
      wait: async () => {
        const reply = await client.json<{ StatusCode: number }>({ method: 'POST', path: `/containers/${id}/wait` })
        return reply.StatusCode
      },
      inspect: async () => {
        const { State } = await client.json<InspectReply>({ method: 'GET', path: `/containers/${id}/json` })
        return { isOutOfMemory: State.OOMKilled ?? false, exitCode: State.ExitCode, error: State.Error ?? '' }
      },
    })
  } finally {
    await client
      .stream({ method: 'DELETE', path: `/containers/${id}`, query: { force: 'true', v: 'true' } })
      .then(drain, absentIs404)
  }
}
