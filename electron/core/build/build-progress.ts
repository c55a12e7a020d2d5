import { reachableStages } from '../dockerfile/graph'
import { type Step, stageSteps } from '../dockerfile/steps'
import type { Variant } from '../variants/variant'
import type { BuildEvent } from './build-event'
import type { BuildSnapshot, StepProgress } from './build-snapshot'
import { matchSteps } from './match-steps'
import type { Vertex } from './vertex'

/** Folds build events into the state of each step of one variant. */
export class BuildProgress {
  readonly #steps: readonly Step[]
  readonly #variant: Variant
  readonly #prefix: string
  readonly #vertices = new Map<string, Vertex>()
  readonly #logs = new Map<string, string[]>()
  #imageId: string | undefined
  #error: string | undefined

  constructor(variant: Variant, stagePrefix: string) {
    this.#variant = variant
    this.#prefix = stagePrefix
    const reached = reachableStages(variant.staged.stages, variant.target)
    this.#steps = variant.staged.stages.filter((stage) => reached.has(stage.index)).flatMap(stageSteps)
  }

  get error(): string | undefined {
    return this.#error
  }

  get imageId(): string | undefined {
    return this.#imageId
  }

  apply(event: BuildEvent): void {
    switch (event.kind) {
      case 'vertex':
        this.#vertices.set(event.digest, merged(this.#vertices.get(event.digest), event))
        break
      case 'log':
        appendLog(this.#logs, event.vertex, event.text)
        break
      case 'image':
        this.#imageId = event.imageId
        break
      case 'error':
        this.#error ??= event.message
        break
    }
  }

  snapshot(): BuildSnapshot {
    const byStep = this.#matches()
    const isOver = this.#error !== undefined || this.#imageId !== undefined
    const steps = this.#steps.map((step, at) => ({
      ...step,
      ...stateOf(byStep[at], isOver, this.#error !== undefined),
    }))
    return { steps, activity: this.#activity(), imageId: this.#imageId }
  }

  /** The vertex whose error is the reason, not one that was cancelled with it, and its step when it has one. */
  culprit(): { readonly vertex: Vertex; readonly step: Step | undefined } | undefined {
    const failed = [...this.#vertices.values()].filter((vertex) => vertex.error !== '')
    const vertex = failed.find((each) => !/context cancell?ed/.test(each.error)) ?? failed[0]
    return (
      vertex && { vertex, step: this.#steps[this.#matches().findIndex((match) => match?.digest === vertex.digest)] }
    )
  }

  /** The RUN that the engine's last word quotes: of a step that two builds share it may tell one of them no more. */
  stepQuoted(message: string): Step | undefined {
    const [, bracketed, quoted] =
      /running \[\/bin\/sh -c (.*)\]: exit code|process "\/bin\/sh -c (.*)" did not complete/s.exec(message) ?? []
    const command = bracketed ?? quoted
    return command === undefined ? undefined : this.#steps.find(({ text }) => text.endsWith(command))
  }

  logOf(digest: string): readonly string[] {
    return this.#logs.get(digest) ?? []
  }

  /** The log of a step, by its position among the steps of a snapshot. */
  logOfStep(at: number): readonly string[] {
    const match = this.#matches()[at]
    return match ? this.logOf(match.digest) : []
  }

  #matches(): readonly (Vertex | undefined)[] {
    return matchSteps(this.#steps, this.#variant.staged.stages, this.#vertices, this.#prefix)
  }

  #activity(): string | undefined {
    const running = [...this.#vertices.values()].filter(
      (each) => each.startedMs !== undefined && each.completedMs === undefined,
    )
    const beside = running.find((each) => /^\[internal\]|^exporting/.test(each.name))
    return beside?.name.replace(/^\[internal\] /, '')
  }
}

function merged(known: Vertex | undefined, event: Extract<BuildEvent, { kind: 'vertex' }>): Vertex {
  const { digest, name, inputs, startedMs, completedMs } = event
  const isNewEnd = completedMs !== undefined && completedMs !== known?.completedMs
  const elapsedMs = (known?.elapsedMs ?? 0) + (isNewEnd && startedMs !== undefined ? completedMs - startedMs : 0)
  const cached = event.cached || known?.cached === true
  return { digest, name, inputs, cached, error: event.error || known?.error || '', startedMs, completedMs, elapsedMs }
}

function stateOf(vertex: Vertex | undefined, isOver: boolean, hasFailed: boolean): Omit<StepProgress, keyof Step> {
  const none = { elapsedMs: 0, startedMs: undefined }
  if (vertex === undefined || (vertex.startedMs === undefined && !vertex.cached))
    return { state: isOver ? (hasFailed ? 'skipped' : 'cached') : 'queued', ...none }
  const { elapsedMs, startedMs } = vertex
  if (vertex.error !== '')
    return { state: /context cancell?ed/.test(vertex.error) ? 'skipped' : 'failed', elapsedMs, startedMs }
  if (vertex.cached) return { state: 'cached', ...none }
  return { state: vertex.completedMs === undefined ? 'running' : 'done', elapsedMs, startedMs }
}

const longestLog = 2000

/** Log text is cut at arbitrary places: the last line of a vertex goes on until its line feed comes. */
function appendLog(logs: Map<string, string[]>, digest: string, text: string): void {
  const lines = logs.get(digest) ?? ['']
  logs.set(digest, lines)
  const parts = text.replace(/\r\n/g, '\n').split('\n')
  lines[lines.length - 1] += parts[0]!
  lines.push(...parts.slice(1))
  if (lines.length > longestLog) lines.splice(0, lines.length - longestLog)
}
