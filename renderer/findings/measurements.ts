import type { RunRequest } from '../../electron/core/run/run'
import type { Page } from '../shared/page'

// What a user asks for after the comparison: run both, time both, look up vulnerabilities.

export async function runBoth({ api, jobs }: Page, comparisonId: string, request: RunRequest): Promise<void> {
  await jobs.run.start({ comparisonId }, (jobId) => api.request('comparison.run', { jobId, comparisonId, request }))
}

export async function scanBoth({ api, jobs }: Page, comparisonId: string): Promise<void> {
  await jobs.scan.start({ comparisonId }, (jobId) => api.request('comparison.scan', { jobId, comparisonId }))
}

/** Times builds of the build that a comparison came from. */
export async function timeBoth(
  { api, jobs }: Page,
  { comparisonId, buildId, runs }: { readonly comparisonId: string; readonly buildId: string; readonly runs: number },
): Promise<void> {
  await jobs.buildTimes.start({ comparisonId }, (jobId) => api.request('comparison.matrix', { jobId, buildId, runs }))
}
