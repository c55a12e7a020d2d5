import { unpackClasses } from '../../electron/core/compare/meaning'
import { unpackUnionTree } from '../../electron/core/compare/pack-columns'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Reply } from '../../electron/ipc/contract'
import type { ComparisonView, ExaminationView, KeptFacts } from '../../electron/ipc/views'
import { api } from '../api'
import { addClasses, openExplorer, setView } from './explorer'
import { matrixJob, runJob, scanJob, stagesJob } from './measurements'
import { newId } from './new-id'
import { type ComparisonState, finishedState, workspace } from './workspace'

/** Compares the images of a finished build. */
export function compareBuild(buildId: string): Promise<void> {
  return compare(buildId, {
    open: (jobId) => api.request('comparison.open', { jobId, buildId }),
    examine: (jobId) => api.request('comparison.examine', { jobId, buildId }),
  })
}

/** Opens an image that is there already, or compares two: names in the engine, or paths of archives. The project is closed, and its build ended. */
export async function openImages(before: string, after: string | undefined): Promise<void> {
  if (workspace.get().build?.isRunning) await cancelBuild()
  workspace.change({ sourceFailure: undefined, droppedName: undefined, project: undefined, build: undefined })
  await compare('', imageRequests(before, after))
}

/** Opens the image of a build whose other variant failed; project and build stay as they are. */
export function inspectImage(reference: string): Promise<void> {
  return compare('', imageRequests(reference, undefined))
}

const imageRequests = (before: string, after: string | undefined): Requests => ({
  open: (jobId) => api.request('image.open', after === undefined ? { jobId, before } : { jobId, before, after }),
  examine: (jobId, comparisonId) => api.request('image.examine', { jobId, comparisonId }),
})

/** Ends the build that runs, and the reading of its images. */
export async function cancelBuild(): Promise<void> {
  const { build, comparison } = workspace.get()
  if (build?.isRunning) await api.request('job.cancel', { jobId: build.jobId })
  if (comparison && !comparison.tree) await api.request('job.cancel', { jobId: comparison.jobId })
}

interface Requests {
  readonly open: (jobId: string) => Promise<Reply<ComparisonView>>
  readonly examine: (jobId: string, comparisonId: string) => Promise<Reply<ExaminationView>>
}

async function compare(buildId: string, requests: Requests): Promise<void> {
  const jobId = newId()
  workspace.change({
    comparison: {
      jobId,
      buildId,
      progress: undefined,
      view: undefined,
      tree: undefined,
      examination: undefined,
      isExaminationStopped: false,
      failure: undefined,
    },
  })
  const reply = await requests.open(jobId)
  if (workspace.get().comparison?.jobId !== jobId) return
  if (!reply.ok) return changeComparison({ failure: reply.failure })
  const { comparisonId, facts } = reply.value
  const columns = await api.request('comparison.tree', { comparisonId })
  if (workspace.get().comparison?.jobId !== jobId) return
  if (!columns.ok) return changeComparison({ failure: columns.failure })
  const tree = unpackUnionTree(columns.value)
  openExplorer(tree, comparisonId, { before: facts.before.layers, after: facts.after.layers })
  changeComparison({ view: reply.value, tree, progress: undefined })
  workspace.change({ step: 'compare' })
  if (reply.value.isSingle) setView('before')
  if (reply.value.saved) return adoptSaved(jobId, reply.value, reply.value.saved)
  askAgain = () => examine(jobId, comparisonId, requests)
  await askAgain()
}

/** What was measured before a comparison was saved, and the build of its images, stand where those of a project would. */
async function adoptSaved(
  jobId: string,
  { comparisonId, report }: ComparisonView,
  { build, examination }: KeptFacts,
): Promise<void> {
  runJob.adopt(comparisonId, report.run ?? undefined)
  matrixJob.adopt(comparisonId, report.matrix ?? undefined)
  scanJob.adopt(comparisonId, report.vulnerabilities ?? undefined)
  if (build) {
    stagesJob.adopt(comparisonId, build.stages ?? undefined)
    workspace.change({ build: finishedState(comparisonId, build, true), selectedStep: undefined, log: [] })
    changeComparison({ buildId: comparisonId })
  }
  if (examination) await showExamination(jobId, comparisonId, examination)
}

let askAgain: () => Promise<void> = async () => undefined
let examineJobId = ''

/** Looks into the files after all. */
export async function examineAgain(): Promise<void> {
  changeComparison({ isExaminationStopped: false })
  await askAgain()
}

/** The map stays; what only the files say is not known then. */
export async function stopExamining(): Promise<void> {
  await api.request('job.cancel', { jobId: examineJobId })
}

/** Looks into the files; the map is there already. */
async function examine(jobId: string, comparisonId: string, requests: Requests): Promise<void> {
  examineJobId = newId()
  const reply = await requests.examine(examineJobId, comparisonId)
  if (workspace.get().comparison?.jobId !== jobId) return
  if (!reply.ok && reply.failure.code === 'cancelled') return changeComparison({ isExaminationStopped: true })
  if (!reply.ok) return changeComparison({ failure: reply.failure })
  await showExamination(jobId, comparisonId, reply.value)
}

/** What was found, and for each entry of the map its class and package. */
async function showExamination(jobId: string, comparisonId: string, examination: ExaminationView): Promise<void> {
  const columns = await api.request('comparison.classes', { comparisonId })
  if (workspace.get().comparison?.jobId !== jobId) return
  if (!columns.ok) return changeComparison({ failure: columns.failure })
  changeComparison({ examination })
  const packageNames = examination.packages.map(({ name }) => name)
  addClasses(comparisonId, { ...unpackClasses(columns.value), packageNames })
}

/** So that the next comparison can say what an edit did. */
export function rememberSizes(): void {
  const report = workspace.get().comparison?.view?.report
  if (report === undefined) return
  const bytes = (role: VariantRole): number => report.variants.find((each) => each.role === role)!.unpackedBytes
  workspace.change({ lastSizes: { folder: report.project, before: bytes('before'), after: bytes('after') } })
}

export function changeComparison(fields: Partial<ComparisonState>): void {
  const { comparison } = workspace.get()
  if (comparison) workspace.change({ comparison: { ...comparison, ...fields } })
}
