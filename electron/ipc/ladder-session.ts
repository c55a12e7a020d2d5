import { EngineError } from '../core/failure'
import type { Rung } from '../core/ladder/ladder'
import type { FoundEngine } from '../engine/docker/find-engine'
import { ImageLease } from '../engine/life/image-lease'
import { type BuiltRung, buildLadder } from '../engine/measure/build-ladder'
import { chooseSide, type VariantChoice } from '../engine/project/choose-pair'
import { openProject, type Project } from '../engine/project/open-project'
import { makeStandIn } from '../engine/setup/stand-ins'
import type { ImageStore } from '../engine/store/image-store'
import { BuildSession } from './build-session'
import type { JobContext } from './jobs'
import type { FinishedBuild } from './views'

export interface LadderSessionOptions {
  readonly engine: FoundEngine
  readonly path: string
  readonly choices: readonly VariantChoice[]
  readonly noCache: boolean
  readonly standInRecipes: string
}

/** Several variants that were built one after another, any two of which can be compared. */
export class LadderSession {
  readonly #options: LadderSessionOptions
  readonly #lease: ImageLease
  #project: Project | undefined
  #built: readonly BuiltRung[] = []

  constructor(options: LadderSessionOptions) {
    this.#options = options
    this.#lease = new ImageLease(options.engine.client)
  }

  /** Lets go of its images: the next build of the same variants may remove them. */
  release(): Promise<void> {
    return this.#lease.release()
  }

  async build(store: ImageStore, { signal, report }: JobContext): Promise<readonly Rung[]> {
    const { engine, path, choices, noCache, standInRecipes: recipes } = this.#options
    const { client, endpoint } = engine
    const project = await openProject(path, { keepsBroken: true })
    this.#project = project
    const variants = choices.map((choice) => chooseSide(project, 'after', choice))
    const onMessage = (text: string): void => report({ kind: 'message', text })
    this.#built = await buildLadder(client, variants, {
      folder: project.folder,
      noCache,
      lease: this.#lease,
      signal,
      onMessage,
      onRungs: (built) => report({ kind: 'ladder', rungs: rungsOf(built) }),
      makeStandIn: (reference) => makeStandIn(client, reference, { signal, onMessage, recipes }),
      summarize: (imageId) =>
        store.summarize({ kind: 'engine', endpoint, reference: imageId }, { signal, onProgress: () => undefined }),
    })
    return rungsOf(this.#built)
  }

  /** Two of them as if they had been built together. Throws bad-input where one of them has no image. */
  pair(before: number, after: number): { readonly session: BuildSession; readonly view: FinishedBuild } {
    const project = this.#project
    const sides = { before: this.#built[before], after: this.#built[after] }
    if (!project || !sides.before?.outcome?.ok || !sides.after?.outcome?.ok)
      throw new EngineError({ code: 'bad-input', problem: 'there is no image of one of these variants' })
    const { engine, choices, path, noCache, standInRecipes } = this.#options
    const choice = { before: choices[before]!, after: choices[after]! }
    const session = new BuildSession({ engine, path, choice, noCache, standInRecipes })
    return { session, view: session.adopt(project, { before: sides.before, after: sides.after }) }
  }
}

const rungsOf = (built: readonly BuiltRung[]): readonly Rung[] => built.map(({ rung }) => rung)
