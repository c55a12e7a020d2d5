import { BuildProgress } from '../../core/build/build-progress'
import { countCached } from '../../core/build/build-snapshot'
import { diagnoseBuild } from '../../core/build/diagnose'
import { EngineError } from '../../core/failure'
import { type ContextEdit, chooseEdit, editText } from '../../core/matrix/edits'
import {
  type Matrix,
  type MatrixCase,
  type MatrixCell,
  type MatrixRow,
  matrixCaseLabel,
  matrixCases,
  matrixCell,
} from '../../core/matrix/matrix'
import { planBuilds, type VariantBuild } from '../../core/variants/build-plan'
import { type Variant, type VariantRole, variantLabel } from '../../core/variants/variant'
import { runBuild } from '../docker/build'
import type { EngineClient } from '../docker/client'
import { ImageLease } from '../life/image-lease'
import { packContext } from '../project/build-context'
import { contextFiles } from './context-files'
import { measureShipping, type ShippedImages } from './shipping'

export interface MatrixOptions {
  readonly folder: string
  readonly runs: number
  readonly signal: AbortSignal
  /** One line of what is done. */
  readonly onMessage: (message: string) => void
}

type Edits = Readonly<Partial<Record<MatrixCase, ContextEdit>>>

/** One build that was timed. */
interface TimedBuild {
  readonly imageId: string
  readonly ms: number
  readonly steps: number
  readonly cachedSteps: number
}

/**
 * Builds both variants from nothing, again with nothing changed, after an edit of a source and of the dependencies, as often as told, one
 * build at a time. Edits are made in what is sent to the engine; the folder is only read. Base images must be there. Of its images none
 * stays. Throws build-failed, engine-lost, cancelled.
 */
export async function runMatrix(
  client: EngineClient,
  pair: { readonly before: Variant; readonly after: Variant },
  options: MatrixOptions,
): Promise<Matrix> {
  const builds = planBuilds([pair.before, pair.after])
  const edits = await chooseEdits(builds[0]!, options.folder)
  const cases = matrixCases.filter((each) => each === 'cold' || each === 'warm' || edits[each])
  const timed = new Map<string, TimedBuild[]>()
  const lease = new ImageLease(client)
  // Other edits than those of an earlier matrix, which the cache may still know.
  const firstEdit = Date.now()
  const time = async (run: number, each: MatrixCase, build: VariantBuild): Promise<void> => {
    const result = await timeBuild(client, build, { ...options, lease, case: each, edits, editNumber: firstEdit + run })
    const key = `${each} ${build.variant.role}`
    timed.set(key, [...(timed.get(key) ?? []), result])
  }
  try {
    for (let run = 1; run <= options.runs; run++)
      for (const each of cases)
        for (const build of builds) {
          options.onMessage(`Run ${run} of ${options.runs}: ${build.variant.name}, ${matrixCaseLabel[each]} …`)
          await time(run, each, build)
        }
    const rows = cases.map((each) => row(each, edits, timed))
    // What one more edit ships is told against the edit before it: builds from nothing in between would have made new layers, too.
    for (const each of cases) if (edits[each]) for (const build of builds) await time(options.runs + 1, each, build)
    const images = { before: shippedImages(timed, 'before'), after: shippedImages(timed, 'after') }
    return { runs: options.runs, rows, ship: await measureShipping(client, images, options) }
  } finally {
    await lease.release()
  }
}

function shippedImages(timed: ReadonlyMap<string, readonly TimedBuild[]>, role: VariantRole): ShippedImages {
  const lastTwo = (each: MatrixCase): readonly [string, string] | undefined => {
    const [known, edited] = (timed.get(`${each} ${role}`) ?? []).slice(-2)
    return known && edited && [known.imageId, edited.imageId]
  }
  const whole = timed.get(`warm ${role}`)!.at(-1)!.imageId
  return { whole, source: lastTwo('source'), dependency: lastTwo('dependency') }
}

/** Both variants are given the same edit, chosen in the context of the first. */
async function chooseEdits(build: VariantBuild, folder: string): Promise<Edits> {
  const files = await contextFiles(folder, build.variant)
  const [source, dependency] = [chooseEdit(files, 'source'), chooseEdit(files, 'dependency')]
  return { ...(source ? { source } : {}), ...(dependency ? { dependency } : {}) }
}

function row(each: MatrixCase, edits: Edits, timed: ReadonlyMap<string, readonly TimedBuild[]>): MatrixRow {
  const cell = (role: VariantRole): MatrixCell => {
    const builds = timed.get(`${each} ${role}`)!
    const { steps, cachedSteps } = builds.at(-1)!
    return matrixCell(
      builds.map(({ ms }) => ms),
      steps,
      cachedSteps,
    )
  }
  return { case: each, edited: edits[each]?.path, before: cell('before'), after: cell('after') }
}

interface TimeOptions extends MatrixOptions {
  readonly lease: ImageLease
  readonly case: MatrixCase
  readonly edits: Edits
  /** The same for both variants. */
  readonly editNumber: number
}

async function timeBuild(client: EngineClient, build: VariantBuild, options: TimeOptions): Promise<TimedBuild> {
  const { variant, target } = build
  const edit = options.edits[options.case]
  const append = edit && new Map([[edit.path, editText(edit, options.editNumber)]])
  const progress = new BuildProgress(variant, build.stagePrefix)
  const startedMs = performance.now()
  const { stream, dockerfile } = await packContext({
    project: options.folder,
    context: variant.context,
    dockerfile: build.dockerfile,
    dockerfileText: build.dockerfileText,
    ignoredFor: variant.path,
    append,
  })
  const { args } = variant.staged.inputs
  const labels = { [variantLabel]: 'matrix' }
  const noCache = options.case === 'cold'
  const tag = options.lease.next()
  const request = { context: stream, dockerfile, target, args, noCache, labels, tag }
  await runBuild(client, request, { signal: options.signal, onEvent: (event) => progress.apply(event) })
  const ms = performance.now() - startedMs
  const { imageId, steps } = progress.snapshot()
  if (imageId === undefined) throw new EngineError(diagnoseBuild(progress, build, () => false))
  return { imageId, ms, steps: steps.length, cachedSteps: countCached(steps) }
}
