import type { BuildProgress } from '../core/build/build-progress'
import { layerOrigins } from '../core/build/layer-origins'
import type { Variables } from '../core/dockerfile/words'
import { EngineError } from '../core/failure'
import { type LocatedFinding, locateFindings } from '../core/findings/built/locate'
import type { Matrix } from '../core/matrix/matrix'
import { type BuildFacts, builtVariant } from '../core/report/built-variant'
import { makeCompareReport } from '../core/report/compare-report'
import type { Variant, VariantRole } from '../core/variants/variant'
import { buildDerived } from '../engine/derive/build-derived'
import type { BuildOutcome, VariantOutcome } from '../engine/docker/build-variants'
import type { FoundEngine } from '../engine/docker/find-engine'
import type { ImageSource } from '../engine/images/image-source'
import { ImageLease } from '../engine/life/image-lease'
import type { BuiltRung } from '../engine/measure/build-ladder'
import { runMatrix } from '../engine/measure/run-matrix'
import { measureStages } from '../engine/measure/stage-sizes'
import { buildArguments } from '../engine/project/build-arguments'
import { choosePair, type PairChoice } from '../engine/project/choose-pair'
import { openProject, type Project } from '../engine/project/open-project'
import { makeStandIn } from '../engine/setup/stand-ins'
import type { ImageStore } from '../engine/store/image-store'
import { buildResult, finishedBuild, standInsOf } from './finished-build'
import type { JobContext } from './jobs'
import type { BuildResult, ComparisonView, ExaminationView, FinishedBuild, MeasuredStages, SavedBuild } from './views'

export interface BuildSessionOptions {
  readonly engine: FoundEngine
  readonly path: string
  readonly choice: PairChoice
  readonly noCache: boolean
  readonly standInRecipes: string
}

const roles = ['before', 'after'] as const

/** One press of "Build both": its progress, its logs, and what is needed to compare its images afterwards. */
export class BuildSession {
  readonly #options: BuildSessionOptions
  readonly #progress = new Map<VariantRole, BuildProgress>()
  readonly #lease: ImageLease
  #project: Project | undefined
  #outcome: BuildOutcome | undefined
  #stages: MeasuredStages | null = null
  #comparisonId: string | undefined

  constructor(options: BuildSessionOptions) {
    this.#options = options
    this.#lease = new ImageLease(options.engine.client)
  }

  /** Lets go of its images: the next build of the project may remove them. */
  release(): Promise<void> {
    return this.#lease.release()
  }

  /** Of its images; undefined before they are compared. */
  get comparisonId(): string | undefined {
    return this.#comparisonId
  }

  async build({ signal, report, reportLater }: JobContext): Promise<BuildResult> {
    const { engine, path, choice, noCache, standInRecipes: recipes } = this.#options
    const { client } = engine
    const project = await openProject(path, { keepsBroken: true })
    this.#project = project
    const pair = choosePair(project, choice)
    const onMessage = (text: string): void => report({ kind: 'message', text })
    this.#outcome = await buildDerived(client, [pair.before, pair.after], {
      folder: project.folder,
      noCache,
      lease: this.#lease,
      signal,
      onMessage,
      onProgress: (role, progress) => {
        this.#progress.set(role, progress)
        reportLater(`build ${role}`, () => ({ kind: 'build', role, snapshot: progress.snapshot() }))
      },
      makeStandIn: (reference) => makeStandIn(client, reference, { signal, onMessage, recipes }),
    })
    return buildResult(this.#outcome, project)
  }

  /** Takes two variants that were built elsewhere for its own; both must have an outcome. */
  adopt(project: Project, built: { readonly [R in VariantRole]: BuiltRung }): FinishedBuild {
    this.#project = project
    const references = [...new Set([...built.before.standIns, ...built.after.standIns])]
    const variants = roles.map((role) => {
      const { outcome, progress } = built[role]
      if (progress) this.#progress.set(role, progress)
      return { ...outcome!, variant: { ...outcome!.variant, role } }
    })
    this.#outcome = { bases: references.map((reference) => ({ reference, isStandIn: true })), variants }
    return finishedBuild(project, this.#outcome)
  }

  /** What a saved comparison keeps of it. Throws bad-input before the build has ended. */
  saved(): SavedBuild {
    if (!this.#project || !this.#outcome) throw notFinished()
    return { ...finishedBuild(this.#project, this.#outcome), stages: this.#stages }
  }

  /** What both builds were given beside their Dockerfiles. */
  buildArguments(): Variables {
    return this.#project ? buildArguments(this.#project) : {}
  }

  /** Lines of a step's log so far, by its position in the snapshot. */
  log(role: VariantRole, step: number): readonly string[] {
    return this.#progress.get(role)?.logOfStep(step) ?? []
  }

  async compare(store: ImageStore, { signal, report }: JobContext): Promise<ComparisonView> {
    const { client, endpoint, version } = this.#options.engine
    const [before, after] = (this.#outcome?.variants ?? []).map(built)
    if (!before || !after) throw notFinished()
    const source = ({ imageId }: BuildFacts): ImageSource => ({ kind: 'engine', endpoint, reference: imageId })
    const request = { before: source(before), after: source(after) }
    const onProgress = (progress: { readBytes: number; expectedBytes: number }): void =>
      report({ kind: 'read', ...progress })
    const { comparisonId, facts } = await store.compare(request, { signal, onProgress })
    this.#comparisonId = comparisonId
    const compareReport = makeCompareReport({
      project: this.#folder(),
      engine: { name: version.name, version: version.version, address: client.endpoint.address },
      standIns: standInsOf(this.#outcome!.bases),
      before: builtVariant(before),
      after: builtVariant(after),
      facts,
    })
    const origins = (role: VariantRole, { variant }: BuildFacts) =>
      layerOrigins(facts[role].layers, variant.staged, variant.target)
    return {
      comparisonId,
      facts,
      report: compareReport,
      origin: 'build',
      layerOrigins: { before: origins('before', before), after: origins('after', after) },
      isSingle: false,
    }
  }

  /** What the compared images' files say; what keeps them from running comes with its lines. */
  async examine(store: ImageStore, { signal }: JobContext): Promise<ExaminationView> {
    const [before, after] = this.#outcome?.variants ?? []
    if (!before || !after || this.#comparisonId === undefined)
      throw new EngineError({ code: 'bad-input', problem: 'that build is not compared' })
    const { problems, ...meaning } = await store.examine(this.#comparisonId, { signal })
    const located = (role: VariantRole, { variant }: VariantOutcome): LocatedFinding[] =>
      locateFindings(problems[role], variant.staged, variant.target)
    return { ...meaning, problems: { before: located('before', before), after: located('after', after) } }
  }

  /** Times both variants; see runMatrix. */
  async matrix(runs: number, { signal, report }: JobContext): Promise<Matrix> {
    const onMessage = (text: string): void => report({ kind: 'message', text })
    return runMatrix(this.#options.engine.client, this.#pair(), { folder: this.#folder(), runs, signal, onMessage })
  }

  /** How large stages and base images are; see measureStages. */
  async stages(isAsked: boolean, { signal, report }: JobContext): Promise<MeasuredStages | null> {
    const onMessage = (text: string): void => report({ kind: 'message', text })
    const options = { folder: this.#folder(), isAsked, signal, onMessage }
    this.#stages = await measureStages(this.#options.engine.client, this.#pair(), options)
    return this.#stages
  }

  /** Throws bad-input where one of them was not built. */
  #pair(): { readonly [R in VariantRole]: Variant } {
    const [before, after] = this.#outcome?.variants ?? []
    if (!before?.ok || !after?.ok) throw notFinished()
    return { before: before.variant, after: after.variant }
  }

  #folder(): string {
    if (!this.#project) throw notFinished()
    return this.#project.folder
  }
}

function built(outcome: VariantOutcome): BuildFacts {
  if (outcome.ok) return outcome
  throw new EngineError(outcome.failure)
}

const notFinished = (): EngineError => new EngineError({ code: 'bad-input', problem: 'that build is not finished' })
