import type { Matrix } from '../../electron/core/matrix/matrix'
import type { ScanComparison } from '../../electron/core/packages/vulnerabilities'
import type { RunComparison, RunRequest } from '../../electron/core/run/run'
import type { MeasuredStages } from '../../electron/ipc/views'
import { api } from '../api'
import { createJob } from './job'

/** What a user asks for after the comparison: run both, time both. */
export const runJob = createJob<RunComparison>()
export const matrixJob = createJob<Matrix>()
export const scanJob = createJob<ScanComparison>()
/** Sizes of stages; about a build, not a comparison. */
export const stagesJob = createJob<MeasuredStages | null>()

export const runBoth = (comparisonId: string, request: RunRequest): Promise<void> =>
  runJob.start(comparisonId, (jobId) => api.request('comparison.run', { jobId, comparisonId, request }))

export const scanBoth = (comparisonId: string): Promise<void> =>
  scanJob.start(comparisonId, (jobId) => api.request('comparison.scan', { jobId, comparisonId }))

/** Of the build that the comparison came from. */
export const timeBoth = (comparisonId: string, buildId: string, runs: number): Promise<void> =>
  matrixJob.start(comparisonId, (jobId) => api.request('comparison.matrix', { jobId, buildId, runs }))

/** After each build, where that is quick; `isAsked` where the user wants it all the same. */
export const measureStages = (buildId: string, isAsked: boolean): Promise<void> =>
  stagesJob.start(buildId, (jobId) => api.request('build.stages', { jobId, buildId, isAsked }))
