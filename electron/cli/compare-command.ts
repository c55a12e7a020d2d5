import { join, resolve } from 'node:path'
import type { BuildInputs } from '../core/dockerfile/stages'
import { EngineError } from '../core/failure'
import { locateFindings } from '../core/findings/built/locate'
import { formatBytes } from '../core/format'
import { builtVariant } from '../core/report/built-variant'
import { type CompareReport, makeCompareReport } from '../core/report/compare-report'
import { textReport } from '../core/report/text-table'
import type { RunComparison, RunRequest } from '../core/run/run'
import { buildVariants, type VariantOutcome } from '../engine/docker/build-variants'
import { runMatrix } from '../engine/measure/run-matrix'
import { choosePair, type PairChoice } from '../engine/project/choose-pair'
import { judgeVariant } from '../engine/project/judge-variant'
import { openProject } from '../engine/project/open-project'
import { ensureEngine } from '../engine/setup/private-engine'
import { makeStandIn } from '../engine/setup/stand-ins'
import type { ImageStore } from '../engine/store/image-store'
import { RemoteImageStore } from '../engine/store/remote-store'
import { asJson, type Command, exactly, fromHere, namedValues } from './command'
import { matrixRuns, runRequest } from './run-flags'
import { TerminalProgress } from './terminal-progress'

/** `compare <folder>` */
export const run: Command = async (call) => {
  const [folder] = exactly(call, 1)
  const store = new RemoteImageStore(call.worker)
  try {
    const report = await compareFolder({
      folder: fromHere(folder!),
      choice: { before: idOf(call.flags.before), after: idOf(call.flags.after) },
      inputs: {
        args: namedValues(call, 'build-arg'),
        contexts: namedValues(call, 'build-context'),
      },
      noCache: call.flags['no-cache'],
      run: await runRequest(call),
      matrixRuns: matrixRuns(call),
      isScanned: call.flags.scan,
      store,
      standInRecipes: join(call.resources, 'stand-ins'),
      signal: call.signal,
      print: call.print,
    })
    return { output: call.flags.json ? asJson(report) : textReport(report), exitCode: 0 }
  } finally {
    await store.dispose()
  }
}

const idOf = (id: string | undefined): PairChoice['before'] => (id === undefined ? undefined : { id })

export interface CompareCommand {
  readonly folder: string
  /** What is compared; what Cutaway pairs where nothing is chosen. */
  readonly choice: PairChoice
  /** For the builds of all variants. */
  readonly inputs: BuildInputs
  readonly noCache: boolean
  /** How both images are run afterwards; undefined does not. */
  readonly run: RunRequest | undefined
  /** How often every case of the build-time matrix is built; undefined makes none. */
  readonly matrixRuns: number | undefined
  readonly isScanned: boolean
  readonly store: ImageStore
  /** Folder with stand-in recipes. */
  readonly standInRecipes: string
  readonly signal: AbortSignal
  /** One line of progress. */
  readonly print: (line: string) => void
}

/** Builds both variants of a folder and compares their images. Throws EngineError for whatever the user must know. */
export async function compareFolder(command: CompareCommand): Promise<CompareReport> {
  const { signal, print } = command
  const project = await openProject(resolve(command.folder), command.inputs)
  const { before, after } = choosePair(project, command.choice)
  const { client, endpoint, version } = await ensureEngine({ onMessage: print })
  print(`Building ${before.name} and ${after.name} with ${version.name} ${version.version} …`)
  const outcome = await buildVariants(client, [before, after], {
    folder: project.folder,
    noCache: command.noCache,
    signal,
    onMessage: print,
    onProgress: new TerminalProgress(print).update,
    makeStandIn: (reference) =>
      makeStandIn(client, reference, { signal, onMessage: print, recipes: command.standInRecipes }),
  })
  const [beforeImage, afterImage] = outcome.variants.map(succeeded)
  const { comparisonId, facts } = await command.store.compare(
    {
      before: { kind: 'engine', endpoint, reference: beforeImage!.imageId },
      after: { kind: 'engine', endpoint, reference: afterImage!.imageId },
    },
    { signal, onProgress: printReading(print) },
  )
  const { problems, ...meaning } = await command.store.examine(comparisonId, { signal })
  const matrix =
    command.matrixRuns === undefined
      ? undefined
      : await runMatrix(
          client,
          { before, after },
          { folder: project.folder, runs: command.matrixRuns, signal, onMessage: print },
        )
  const run = command.run && (await runImages(command, comparisonId, command.run))
  return makeCompareReport({
    run,
    matrix,
    vulnerabilities: command.isScanned ? await command.store.scan(comparisonId, { signal }) : undefined,
    project: project.folder,
    engine: { name: version.name, version: version.version, address: endpoint.address },
    standIns: outcome.bases.filter((base) => base.isStandIn).map((base) => base.reference),
    before: builtVariant(beforeImage!),
    after: builtVariant(afterImage!),
    facts,
    meaning,
    findings: { before: judgeVariant(project, before), after: judgeVariant(project, after) },
    problems: {
      before: locateFindings(problems.before, before.staged, before.target),
      after: locateFindings(problems.after, after.staged, after.target),
    },
  })
}

async function runImages(
  { store, signal, print }: CompareCommand,
  comparisonId: string,
  request: RunRequest,
): Promise<RunComparison> {
  print(`Running both images, for ${request.seconds} s at most each …`)
  return store.run(comparisonId, request, { signal })
}

function succeeded(outcome: VariantOutcome): Extract<VariantOutcome, { ok: true }> {
  if (outcome.ok) return outcome
  throw new EngineError(outcome.failure)
}

/** A line for every quarter GB: enough to see that it goes on. */
function printReading(print: (line: string) => void): (progress: { readBytes: number; expectedBytes: number }) => void {
  let nextBytes = 0
  return ({ readBytes, expectedBytes }) => {
    if (readBytes < nextBytes) return
    nextBytes = readBytes + 250e6
    print(`Reading the images: ${formatBytes(readBytes)} of about ${formatBytes(expectedBytes)}`)
  }
}
