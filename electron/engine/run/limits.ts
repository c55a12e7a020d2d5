import { EngineError } from '../../core/failure'
import { runLimits } from '../../core/run/run'
import type { EngineClient } from '../docker/client'

/** Capabilities that images need to prepare their folders, drop to another user and listen; of an engine's default set, the rest is dropped. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETUID']

/** Limits that every engine knows. */
export const runConfig = {
  // The engine would keep everything that an endless printer prints.
  LogConfig: { Type: 'none' },
  Memory: runLimits.memoryBytes,
  MemorySwap: runLimits.memoryBytes,
  PidsLimit: runLimits.processes,
  SecurityOpt: ['no-new-privileges'],
  CapDrop: ['ALL'],
  CapAdd: capabilities,
}

/** A limit on the writable layer needs a storage driver with quotas, one on processor time a kernel with CFS quotas. */
const optionalLimits = [{ NanoCpus: 1e9, StorageOpt: { size: '2G' } }, { NanoCpus: 1e9 }, {}]

/** By engine, the first of the optional limits that it did not refuse. */
const accepted = new WeakMap<EngineClient, number>()

/** Calls `create` with the most limits that the engine accepts. Throws what `create` throws when even none of them helps. */
export async function withinLimits<T>(client: EngineClient, create: (limits: object) => Promise<T>): Promise<T> {
  for (let at = accepted.get(client) ?? 0; ; at++) {
    try {
      const created = await create(optionalLimits[at]!)
      accepted.set(client, at)
      return created
    } catch (error) {
      if (at === optionalLimits.length - 1 || !isRefusal(error)) throw error
    }
  }
}

/** An absent image is not refused because of a limit. */
const isRefusal = (error: unknown): boolean =>
  error instanceof EngineError && error.failure.code === 'engine-refused' && error.failure.status !== 404
