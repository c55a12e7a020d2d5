import type { EngineClient } from '../docker/client'

interface StatsReply {
  readonly memory_stats?: { readonly usage?: number; readonly max_usage?: number }
}

const everyMs = 100

/** Looks at a container's memory until it is stopped. Engines with cgroup v1 tell the peak, others what is used at that moment. */
export function watchMemory(client: EngineClient, id: string): { stop(): number | undefined } {
  let peak = 0
  let isStopped = false
  const look = async (): Promise<void> => {
    while (!isStopped) {
      const query = { stream: 'false', 'one-shot': 'true' }
      const stats = await client
        .json<StatsReply>({ method: 'GET', path: `/containers/${id}/stats`, query })
        .catch(() => undefined) // it has ended, or the engine is gone: the run says which
      if (!stats) return
      const { usage = 0, max_usage: max = 0 } = stats.memory_stats ?? {}
      peak = Math.max(peak, usage, max)
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }
  void look()
  return {
    stop: () => {
      isStopped = true
      return peak === 0 ? undefined : peak
    },
  }
}
