import type { Rung } from '../../electron/core/ladder/ladder'
import { api } from '../api'
import { choiceFor, settleEdits } from './choices'
import { cancelBuild } from './comparing'
import { createJob } from './job'
import { newId } from './new-id'
import { compareAndMeasure, showBuild } from './showing-builds'
import { createStore } from './store'
import { finishedState, workspace } from './workspace'

// More than two variants: which are built, and which two of them are compared.

/** Its subject is the folder of the project. */
export const ladderJob = createJob<readonly Rung[]>((progress) =>
  progress.kind === 'ladder' ? progress.rungs : undefined,
)

interface LadderState {
  /** The folder that the choice is about. */
  readonly folder: string
  /** Ids of offers; undefined for all but the copies to edit. */
  readonly chosen: ReadonlySet<string> | undefined
  /** The job whose variants can be compared. */
  readonly ladderId: string
}

export const ladder = createStore<LadderState>({ folder: '', chosen: undefined, ladderId: '' })

/** The offers that are built: what was ticked, else all that the folder and its derivations give. */
export function chosenRungs(state: LadderState): readonly string[] {
  const { project } = workspace.get()
  if (!project) return []
  const chosen = state.folder === project.folder ? state.chosen : undefined
  return project.offers.map(({ id }) => id).filter((id) => (chosen ? chosen.has(id) : !id.startsWith('copy:')))
}

export function toggleRung(id: string): void {
  const { project } = workspace.get()
  const chosen = new Set(chosenRungs(ladder.get()))
  if (!chosen.delete(id)) chosen.add(id)
  ladder.change({ folder: project?.folder ?? '', chosen })
}

/** Builds all that are chosen, one after another. */
export async function buildLadder(noCache: boolean): Promise<void> {
  await settleEdits()
  const { project } = workspace.get()
  if (!project) return
  const choices = chosenRungs(ladder.get()).map((id) => choiceFor(project.folder, id))
  await ladderJob.start(project.folder, (jobId) => {
    ladder.change({ ladderId: jobId })
    return api.request('ladder.build', { jobId, path: project.folder, choices, noCache })
  })
}

/** Compares two of those that were built; nothing is built again. */
export async function compareRungs(before: number, after: number): Promise<void> {
  const { project } = workspace.get()
  const jobId = newId()
  if (workspace.get().build?.isRunning) await cancelBuild()
  const reply = await api.request('ladder.pair', { ladderId: ladder.get().ladderId, buildId: jobId, before, after })
  if (!project || workspace.get().project?.folder !== project.folder) return
  if (!reply.ok) return workspace.change({ variantFailure: reply.failure })
  workspace.change({ project: { ...project, variants: reply.value.variants } })
  showBuild(finishedState(jobId, reply.value))
  await compareAndMeasure(jobId)
}
