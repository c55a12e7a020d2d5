import type { Duplex } from 'node:stream'
import { drain, type EngineClient } from '../docker/client'
import { ownerLabel, thisOwner } from '../life/owner'
import { deadlineLabel, removeContainer } from '../life/sweep'
import { watchOver } from '../life/watchdog'
import { runConfig, withinLimits } from './limits'

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

/** The body of the engine's create request, and how long the container may run. */
export interface ContainerBody {
  readonly seconds: number
  /** On top of the limits of every run. */
  readonly HostConfig: object
  readonly [field: string]: unknown
}

interface InspectReply {
  readonly State: { readonly OOMKilled?: boolean; readonly ExitCode: number; readonly Error?: string }
}

/** How much longer than its time limit a container may exist: the engine needs time to create, end and remove it. */
const graceSeconds = 10

/**
 * Creates, hands over, removes. Past its time the container is removed even if this process has ended or cannot do it. Throws
 * engine-refused, engine-lost.
 */
export async function withContainer<T>(
  client: EngineClient,
  { seconds, HostConfig, ...body }: ContainerBody,
  work: (container: RunContainer) => Promise<T>,
): Promise<T> {
  const stopWatching = watchOver(client)
  const labels = {
    'dev.cutaway.run': 'removed when it has ended',
    [ownerLabel]: thisOwner(),
    [deadlineLabel]: String(Date.now() + (seconds + graceSeconds) * 1000),
  }
  const { Id: id } = await withinLimits(client, (limits) =>
    client.json<{ readonly Id: string }>({
      method: 'POST',
      path: '/containers/create',
      body: { ...body, Labels: labels, HostConfig: { ...runConfig, ...HostConfig, ...limits } },
    }),
  ).catch((error) => {
    stopWatching()
    throw error
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
    await removeContainer(client, id).finally(stopWatching)
  }
}
