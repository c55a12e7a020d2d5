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

/** What a process left behind that has ended. */
export const ofGoneOwners: IsLeftOver = (owner) => ownerState(owner) === 'gone'

/** Removes containers and leased images that were left over. Returns how many. Throws engine-lost, engine-refused. */
export async function sweepEngine(client: EngineClient, isLeftOver: IsLeftOver = ofGoneOwners): Promise<number> {
  const containers = await client.json<readonly ListedContainer[]>({
    method: 'GET',
    path: '/containers/json',
    query: { all: 'true', filters: JSON.stringify({ label: [ownerLabel] }) },
  })
  let removed = 0
  for (const { Id, Labels } of containers) {
    const deadlineMs = Number(Labels?.[deadlineLabel] ?? Number.POSITIVE_INFINITY)
    if (!isLeftOver(Labels?.[ownerLabel] ?? '', deadlineMs)) continue
    await removeContainer(client, Id)
    removed++
  }
  const images = await client.json<readonly { readonly RepoTags: readonly string[] | null }[]>({
    method: 'GET',
    path: '/images/json',
    query: { filters: leaseFilter },
  })
  for (const tag of images.flatMap(({ RepoTags }) => RepoTags ?? []).filter(isLeaseTag)) {
    if (!isLeftOver(leaseOwner(tag), Number.POSITIVE_INFINITY)) continue
    await client.removeImage(tag)
    removed++
  }
  return removed
}

/** Sweeps beside other work, which neither waits for it nor fails with it. */
export function sweepInBackground(client: EngineClient, log: (text: string) => void = () => undefined): void {
  sweepEngine(client).catch((error) => log(`removing what an earlier Cutaway left: ${error}`))
}

/** Ends and removes a container with its volumes. One that is absent, or is being removed, counts as removed. */
export async function removeContainer(client: EngineClient, id: string): Promise<void> {
  await client
    .stream({ method: 'DELETE', path: `/containers/${id}`, query: { force: 'true', v: 'true' } })
    .then(drain)
    .catch(absentIs404)
}
