import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { type BuildInputs, parseStages, type StagedDockerfile } from '../../core/dockerfile/stages'
import { argumentWords } from '../../core/dockerfile/words'
import { EngineError, invalidDockerfile } from '../../core/failure'
import { type Offers, offerVariants, type RefusedOffer } from '../../core/variants/offers'
import { type Pairing, pairDockerfiles } from '../../core/variants/pair'
import type { FoundDockerfile } from '../../core/variants/variant'
import { unreadable } from '../unreadable'
import { type ComposeBuild, readComposeBuilds } from './compose'
import { dockerfileName, findDockerfiles } from './find-dockerfiles'
import { readTextInside } from './inside'
import { listBounded } from './list-bounded'
import { readProjectFiles } from './project-files'

export interface Project {
  readonly folder: string
  readonly name: string
  readonly dockerfiles: readonly FoundDockerfile[]
  readonly offers: Offers
  readonly pairing: Pairing
  /** Dockerfiles with an error; they are offered to be mended, and nothing is derived of them. */
  readonly broken: readonly FoundDockerfile[]
  /** What the folder has and Cutaway does not use, and why; also among the refused offers. */
  readonly leftOut: readonly RefusedOffer[]
}

export interface OpenOptions extends Partial<BuildInputs> {
  /** Opens a folder whose main Dockerfile has an error, to have it mended. */
  readonly keepsBroken?: boolean
}

/**
 * Reads a project folder, or the folder of a Dockerfile, and pairs what it finds; writes nothing. What is given for
 * all builds comes before what the compose file says. What is not in the folder or cannot be read is left out, with a reason among the
 * refused offers. Throws folder-missing, path-unreadable, no-dockerfile, nothing-to-build, dockerfile-invalid, and why the only Dockerfile
 * cannot be used.
 */
export async function openProject(path: string, inputs: OpenOptions = {}): Promise<Project> {
  const folder = await projectFolder(path)
  const found = await findDockerfiles(folder).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(folder, error)
  })
  const { builds: composed, leftOut: leftOutServices } = await readComposeBuilds(folder)
  const leftOut = [...found.leftOut, ...leftOutServices]
  const { texts, failures } = await readDockerfiles(folder, [
    ...new Set([...found.paths, ...composed.map(({ dockerfile }) => dockerfile)]),
  ])
  if (texts.size === 0) throw failures.values().next().value ?? nothingToBuild(folder, leftOut)
  for (const [path, { message }] of failures) leftOut.push({ id: path, title: path, problem: message })
  const dockerfiles: FoundDockerfile[] = []
  const broken: FoundDockerfile[] = []
  for (const [file, text] of texts) {
    const service = composed.find(({ dockerfile }) => dockerfile === file)
    const { value: staged, diagnostics } = parseStages(text, {
      args: { ...service?.args, ...inputs.args },
      contexts: { ...service?.contexts, ...inputs.contexts },
    })
    const errors = diagnostics.filter((each) => each.severity === 'error')
    const guessed = await contextOf(folder, file, staged)
    const place = { ...guessed, context: service?.context ?? guessed.context }
    const files = await readProjectFiles(folder, place.context)
    const dockerfile = { path: file, staged, target: targetOf(staged, service), ...place, files }
    if (errors.length === 0) dockerfiles.push(dockerfile)
    else broken.push({ ...dockerfile, errors })
  }
  const failure = brokenProblem({ dockerfiles, broken })
  if (failure && !inputs.keepsBroken) throw failure
  const derived = offerVariants([...dockerfiles, ...broken])
  const offers = { ...derived, refused: [...derived.refused, ...leftOut] }
  const pairing = dockerfiles.length === 0 ? unpaired(broken[0]!) : pairDockerfiles(dockerfiles, offers)
  return { folder, name: basename(folder), dockerfiles, offers, pairing, broken, leftOut }
}

/** The texts by path, and why others are left out. A file that has vanished is neither. */
async function readDockerfiles(
  folder: string,
  paths: readonly string[],
): Promise<{ texts: ReadonlyMap<string, string>; failures: ReadonlyMap<string, EngineError> }> {
  const texts = new Map<string, string>()
  const failures = new Map<string, EngineError>()
  for (const path of paths) {
    const text = await readTextInside(folder, path).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error
      failures.set(path, error)
      return undefined
    })
    if (text !== undefined) texts.set(path, text)
  }
  return { texts, failures }
}

/** A folder with nothing but what is left out says why; a compose file alone is no reason. */
function nothingToBuild(folder: string, leftOut: readonly RefusedOffer[]): EngineError {
  const [first] = leftOut
  if (first === undefined) return new EngineError({ code: 'no-dockerfile', path: folder })
  return new EngineError({ code: 'nothing-to-build', path: folder, left: first.title, problem: first.problem })
}

/** What is said of a folder whose main Dockerfile, or whose only ones, have an error: dockerfile-invalid for the first. */
export function brokenProblem({
  dockerfiles,
  broken,
}: Pick<Project, 'dockerfiles' | 'broken'>): EngineError | undefined {
  const [first] = broken
  const isMainBroken = broken.some(({ path }) => !path.includes('/'))
  if (first === undefined || (dockerfiles.length > 0 && !isMainBroken)) return undefined
  return invalidDockerfile(first.path, first.errors![0]!)
}

const unpaired = ({ path }: FoundDockerfile): Pairing => ({
  kind: 'unpaired',
  path,
  problem: 'it cannot be understood as it is',
})

/** The stage that a compose file builds; one for development is not what ships. */
function targetOf({ stages }: StagedDockerfile, service: ComposeBuild | undefined): number | undefined {
  const wanted = service?.target?.toLowerCase()
  if (wanted === undefined || /dev|test|debug|lint/.test(wanted)) return undefined
  const found = stages.findLastIndex(({ name }) => name === wanted)
  return found < 0 ? undefined : found
}

async function projectFolder(path: string): Promise<string> {
  const full = resolve(path)
  const found = await stat(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new EngineError({ code: 'folder-missing', path: full }, { cause: error })
    throw unreadable(full, error)
  })
  const folder = found.isDirectory() ? full : dirname(full)
  return realpath(folder)
}

const mostSiblings = 1000

/** The sub-folder of the Dockerfile when that has the files its COPY instructions name, else the project folder. */
async function contextOf(
  folder: string,
  path: string,
  staged: StagedDockerfile,
): Promise<{ context: string; hasFilesBeside: boolean }> {
  const sub = dirname(path)
  if (sub === '.') return { context: '', hasFilesBeside: true }
  const beside = await listBounded(join(folder, sub), mostSiblings).catch(() => [])
  const hasFilesBeside = beside.some(
    ({ name }) => !dockerfileName.test(name) && !name.endsWith('.dockerignore') && !/^readme/i.test(name),
  )
  const sources = contextSources(staged)
  const missing = await Promise.all(sources.map((source) => isMissing(join(folder, sub, source))))
  const context = hasFilesBeside && !missing.includes(true) ? sub.split(sep).join('/') : ''
  return { context, hasFilesBeside }
}

function contextSources(staged: StagedDockerfile): string[] {
  const copies = staged.stages.flatMap((stage) =>
    stage.instructions.filter(
      (each) =>
        /^(COPY|ADD)$/.test(each.keyword) && !each.flags.some((flag) => flag.name === 'from') && !each.hasHeredoc,
    ),
  )
  const sources = copies.flatMap((copy) => argumentWords(copy.argumentText).slice(0, -1))
  return sources.filter((source) => !/[*?[$]|^(https?|git):|^git@/.test(source))
}

const isMissing = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    () => true,
  )
