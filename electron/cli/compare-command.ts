import { join, resolve } from 'node:path'
import { redactReport } from '../core/compare/redact-comparison'
import type { BuildInputs } from '../core/dockerfile/stages'
import { EngineError } from '../core/failure'
import { locateFindings } from '../core/findings/built/locate'
import { formatBytes } from '../core/format'
import type { Matrix } from '../core/matrix/matrix'
import { builtVariant } from '../core/report/built-variant'
import { type CompareReport, makeCompareReport } from '../core/report/compare-report'
import { markdownReport } from '../core/report/markdown'
import { textReport } from '../core/report/text-report'
import type { RunComparison, RunRequest } from '../core/run/run'
import type { VariantRole } from '../core/variants/variant'
import { buildDerived } from '../engine/derive/build-derived'
import { type BuildOutcome, refuseFolderContexts, type VariantOutcome } from '../engine/docker/build-variants'
import type { EngineClient } from '../engine/docker/client'
import type { FoundEngine } from '../engine/docker/find-engine'
import { ImageLease } from '../engine/life/image-lease'
import { sweepInBackground } from '../engine/life/sweep'
import { runMatrix } from '../engine/measure/run-matrix'
import { buildArguments } from '../engine/project/build-arguments'
import { choosePair, type PairChoice } from '../engine/project/choose-pair'
import { judgeVariant } from '../engine/project/judge-variant'
import { openProject, type Project } from '../engine/project/open-project'
import { ensureEngine } from '../engine/setup/private-engine'
import { makeStandIn } from '../engine/setup/stand-ins'
import type { ImageStore } from '../engine/store/image-store'
import { RemoteImageStore } from '../engine/store/remote-store'
import { finishedBuild, standInsOf } from '../ipc/finished-build'
import { asJson, type Command, fromHere, namedValues, printRedaction } from './command'
import type { CommandFlags } from './flags'
import { matrixRuns, runRequest } from './run-flags'
import { type SavePlaces, saveComparison } from './save-comparison'
import { TerminalProgress } from './terminal-progress'

/** `compare <folder>` */
export const run: Command = async (call) => {
  const [folder] = call.arguments
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
      saveTo: { comparison: placeOf(call.flags.save), report: placeOf(call.flags.report) },
      includesSecrets: call.flags['include-secrets'],
      reportPage: call.reportPage,
      store,
      standInRecipes: join(call.resources, 'stand-ins'),
      signal: call.signal,
      print: call.print,
    })
    return { output: printed(report, call.flags), exitCode: 0 }
  } finally {
    await store.dispose()
  }
}

function printed(report: CompareReport, { json, markdown }: CommandFlags): string {
  if (json) return asJson(report)
  return markdown ? markdownReport(report) : textReport(report)
}

const placeOf = (path: string | undefined): string | undefined => (path === undefined ? undefined : fromHere(path))

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
  readonly saveTo: SavePlaces
  /** Values that look like secrets stay in the report and in what is saved. */
  readonly includesSecrets: boolean
  /** The page of reports. */
  readonly reportPage: string
  readonly store: ImageStore
  /** Folder with stand-in recipes. */
  readonly standInRecipes: string
  readonly signal: AbortSignal
  /** One line of progress. */
  readonly print: (line: string) => void
}

/** Builds both variants of a folder and compares their images. Throws EngineError for whatever the user must know. */
export async function compareFolder(command: CompareCommand): Promise<CompareReport> {
  const { print } = command
  const project = await openProject(resolve(command.folder), command.inputs)
  for (const { title, problem } of project.leftOut) print(`Left out: ${title}. ${problem}`)
  // A file that cannot be built cannot be paired either; what keeps it from being built is the reason to name.
  if (project.pairing.kind === 'unpaired')
    for (const variant of project.offers.variants.filter(({ derivation }) => derivation === undefined))
      refuseFolderContexts(variant)
  const chosen = choosePair(project, command.choice)
  const engine = await ensureEngine({ onMessage: print })
  sweepInBackground(engine.client)
  const lease = new ImageLease(engine.client)
  try {
    return await compareBuilt(command, { project, chosen, engine, lease })
  } finally {
    await lease.release()
  }
}

interface Started {
  readonly project: Project
  readonly chosen: Pair
  readonly engine: FoundEngine
  readonly lease: ImageLease
}

async function compareBuilt(
  command: CompareCommand,
  { project, chosen, engine, lease }: Started,
): Promise<CompareReport> {
  const { signal, print, store } = command
  const { client, endpoint, version } = engine
  print(`Building ${chosen.before.name} and ${chosen.after.name} with ${version.name} ${version.version} …`)
  const outcome = await buildPair(client, project, chosen, { ...command, lease })
  const [beforeImage, afterImage] = outcome.variants.map(succeeded)
  // What was derived has its text only now.
  const pair = { before: beforeImage!.variant, after: afterImage!.variant }
  const source = (imageId: string) => ({ kind: 'engine', endpoint, reference: imageId }) as const
  const { comparisonId, facts } = await store.compare(
    { before: source(beforeImage!.imageId), after: source(afterImage!.imageId) },
    { signal, onProgress: printReading(print) },
  )
  const examination = await examine(store, comparisonId, pair, signal)
  const { problems, ...meaning } = examination
  const report = makeCompareReport({
    matrix: await measureMatrix(client, project, pair, command),
    run: command.run && (await runImages(command, comparisonId, command.run)),
    vulnerabilities: command.isScanned ? await store.scan(comparisonId, { signal }) : undefined,
    project: project.folder,
    engine: { name: version.name, version: version.version, address: endpoint.address },
    standIns: standInsOf(outcome.bases),
    before: builtVariant(beforeImage!),
    after: builtVariant(afterImage!),
    facts,
    meaning,
    findings: { before: judgeVariant(project, pair.before), after: judgeVariant(project, pair.after) },
    problems,
  })
  const said = { report, examination, build: finishedBuild(project, outcome) }
  const secrets = command.includesSecrets ? undefined : await store.secrets(comparisonId, said, buildArguments(project))
  const shared = secrets === undefined ? report : redactReport(report, secrets)
  printRedaction(shared.redactedValues, print)
  const compared = { comparisonId, project, pair, outcome, facts, report: shared, examination }
  const { reportPage, saveTo } = command
  await saveComparison(saveTo, compared, { client, store, signal, print, reportPage, secrets })
  return shared
}

type Pair = ReturnType<typeof choosePair>

function buildPair(
  client: EngineClient,
  { folder }: Project,
  { before, after }: Pair,
  { noCache, signal, print, lease, standInRecipes: recipes }: CompareCommand & { readonly lease: ImageLease },
): Promise<BuildOutcome> {
  return buildDerived(client, [before, after], {
    folder,
    noCache,
    lease,
    signal,
    onMessage: print,
    onProgress: new TerminalProgress(print).update,
    makeStandIn: (reference) => makeStandIn(client, reference, { signal, onMessage: print, recipes }),
  })
}

/** What the images' files say, what keeps them from running with its lines. */
async function examine(store: ImageStore, comparisonId: string, pair: Pair, signal: AbortSignal) {
  const { problems, ...meaning } = await store.examine(comparisonId, { signal })
  const located = (role: VariantRole) => locateFindings(problems[role], pair[role].staged, pair[role].target)
  return { ...meaning, problems: { before: located('before'), after: located('after') } }
}

async function measureMatrix(
  client: EngineClient,
  { folder }: Project,
  pair: Pair,
  { matrixRuns: runs, signal, print }: CompareCommand,
): Promise<Matrix | undefined> {
  return runs === undefined ? undefined : runMatrix(client, pair, { folder, runs, signal, onMessage: print })
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
