import { EngineError } from '../../core/failure'
import { absentIs404, drain, type EngineClient } from '../docker/client'
import { isLeaseTag, leaseFilter, leaseOwner } from './image-lease'
import { ownerLabel, ownerState } from './owner'

interface ListedContainer {
  readonly Id: string
  readonly Labels: Readonly<Record<string, string>> | null
}

/** The label with the time, in milliseconds since 1970, after which a container may be removed even if its owner lives. */
export const deadlineLabel = 'dev.cutaway.deadline'

/** Whether a container or an image may be removed, told from its owner and its deadline. */
export type IsLeftOver = (owner: string, deadlineMs: number) => boolean

export interface SweepOptions {
  /** By default, what a process left behind that has ended. */
  readonly isLeftOver?: IsLeftOver
  readonly signal?: AbortSignal
}

/** What a process left behind that has ended. */
const ofGoneOwners: IsLeftOver = (owner) => ownerState(owner) === 'gone'

/**
 * Removes containers and leased images that were left over. Returns how many. One that the engine refuses to remove doesn't keep the others.
 * Throws engine-lost, cancelled, and engine-refused for the first refusal, after everything was tried.
 */
export async function sweepEngine(
  client: EngineClient,
  { isLeftOver = ofGoneOwners, signal }: SweepOptions = {},
): Promise<number> {
  const containers = await client.json<readonly ListedContainer[]>({
    method: 'GET',
    path: '/containers/json',
    query: { all: 'true', filters: JSON.stringify({ label: [ownerLabel] }) },
    signal,
  })
  const images = await client.json<readonly { readonly RepoTags: readonly string[] | null }[]>({
    method: 'GET',
    path: '/images/json',
    query: { filters: leaseFilter },
    signal,
  })
  const leftContainers = containers.filter(({ Labels }) =>
    isLeftOver(Labels?.[ownerLabel] ?? '', Number(Labels?.[deadlineLabel] ?? Number.POSITIVE_INFINITY)),
  )
  const leftTags = images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => isLeaseTag(tag) && isLeftOver(leaseOwner(tag), Number.POSITIVE_INFINITY))
  const refusals: EngineError[] = []
  for (const { Id } of leftContainers) await removeContainer(client, Id, signal).catch(keepRefusal(refusals))
  for (const tag of leftTags) await client.removeImage(tag, signal).catch(keepRefusal(refusals))
  if (refusals[0] !== undefined) throw refusals[0]
  return leftContainers.length + leftTags.length
}

const keepRefusal =
  (refusals: EngineError[]) =>
  (error: unknown): void => {
    if (!isRefusal(error)) throw error
    refusals.push(error)
  }

const isRefusal = (error: unknown): error is EngineError =>
  error instanceof EngineError && error.failure.code === 'engine-refused'

/** Sweeps beside other work, which neither waits for it nor fails with it. */
export function sweepInBackground(client: EngineClient, log: (text: string) => void = () => undefined): void {
  sweepEngine(client).catch((error) => log(`removing what an earlier Cutaway left: ${error}`))
}

/** Ends and removes a container with its volumes. One that is absent, or is being removed, counts as removed. */
export async function removeContainer(client: EngineClient, id: string, signal?: AbortSignal): Promise<void> {
  await client
    .stream({ method: 'DELETE', path: `/containers/${id}`, query: { force: 'true', v: 'true' }, signal })
    .then(drain)
    .catch(absentIs404)
    .catch((error) => {
      if (!isBeingRemoved(error)) throw error
    })
}

/** Another process removes it at this moment. */
const isBeingRemoved = (error: unknown): boolean =>
  error instanceof EngineError &&
  error.failure.code === 'engine-refused' &&
  error.failure.status === 409 &&
  /already in progress/.test(error.failure.detail)
