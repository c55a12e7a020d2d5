import { access, constants, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type BuildInputs, parseStages, type StagedDockerfile } from '../../core/dockerfile/stages'
import { argumentWords } from '../../core/dockerfile/words'
import { EngineError, invalidDockerfile } from '../../core/failure'
import { type Offers, offerVariants } from '../../core/variants/offers'
import { type Pairing, pairDockerfiles } from '../../core/variants/pair'
import type { FoundDockerfile } from '../../core/variants/variant'
import { unreadable } from '../unreadable'
import { type ComposeBuild, readComposeBuilds } from './compose'
import { readProjectFiles } from './project-files'

export interface Project {
  readonly folder: string
  readonly name: string
  readonly dockerfiles: readonly FoundDockerfile[]
  readonly offers: Offers
  readonly pairing: Pairing
  /** Dockerfiles with an error; they are offered to be mended, and nothing is derived of them. */
  readonly broken: readonly FoundDockerfile[]
}

export interface OpenOptions extends Partial<BuildInputs> {
  /** Opens a folder whose main Dockerfile has an error, to have it mended. */
  readonly keepsBroken?: boolean
}

const dockerfileName = /^(Dockerfile|Containerfile)([._-].+)?$|\.(Dockerfile|Containerfile)$/i
const skippedFolders = new Set(['node_modules', '.git', 'vendor', 'target', '.venv', 'venv', '__pycache__'])
const deepest = 3

/**
 * Reads a project folder, or the folder of a Dockerfile, and pairs what it finds; writes nothing. What is given for
 * all builds comes before what the compose file says. Throws folder-missing,
 * path-unreadable, no-dockerfile, dockerfile-invalid.
 */
export async function openProject(path: string, inputs: OpenOptions = {}): Promise<Project> {
  const folder = await projectFolder(path)
  const found = await findDockerfiles(folder).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(folder, error)
  })
  const composed = await readComposeBuilds(folder)
  const named: string[] = []
  for (const { dockerfile } of composed) if (!(await isMissing(join(folder, dockerfile)))) named.push(dockerfile)
  const paths = [...new Set([...found, ...named])]
  if (paths.length === 0) throw new EngineError({ code: 'no-dockerfile', path: folder })
  const dockerfiles: FoundDockerfile[] = []
  const broken: FoundDockerfile[] = []
  for (const file of paths) {
    const service = composed.find(({ dockerfile }) => dockerfile === file)
    const { value: staged, diagnostics } = parseStages(await readText(join(folder, file)), {
      args: { ...service?.args, ...inputs.args },
      contexts: { ...service?.contexts, ...inputs.contexts },
    })
    const errors = diagnostics.filter((each) => each.severity === 'error')
    const guessed = await contextOf(folder, file, staged)
    const place = { ...guessed, context: service?.context ?? guessed.context }
    const files = await readProjectFiles(join(folder, place.context))
    const dockerfile = { path: file, staged, target: targetOf(staged, service), ...place, files }
    if (errors.length === 0) dockerfiles.push(dockerfile)
    else broken.push({ ...dockerfile, errors })
  }
  const failure = brokenProblem({ dockerfiles, broken })
  if (failure && !inputs.keepsBroken) throw failure
  const offers = offerVariants([...dockerfiles, ...broken])
  const pairing = dockerfiles.length === 0 ? unpaired(broken[0]!) : pairDockerfiles(dockerfiles, offers)
  return { folder, name: basename(folder), dockerfiles, offers, pairing, broken }
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

async function readText(path: string): Promise<string> {
  try {
    await access(path, constants.R_OK)
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Paths with `/`, shallow first. Folders that cannot be read below the top are left out. */
async function findDockerfiles(folder: string): Promise<string[]> {
  const found: string[] = []
  const visit = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
      if (path === folder) throw error
      return []
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const at = join(path, entry.name)
      if (entry.isDirectory() && depth < deepest && !skippedFolders.has(entry.name)) await visit(at, depth + 1)
      else if (entry.isFile() && dockerfileName.test(entry.name) && !entry.name.endsWith('.dockerignore'))
        found.push(relative(folder, at).split(sep).join('/'))
    }
  }
  await visit(folder, 0)
  return found.sort((a, b) => a.split('/').length - b.split('/').length)
}

/** The sub-folder of the Dockerfile when that has the files its COPY instructions name, else the project folder. */
async function contextOf(
  folder: string,
  path: string,
  staged: StagedDockerfile,
): Promise<{ context: string; hasFilesBeside: boolean }> {
  const sub = dirname(path)
  if (sub === '.') return { context: '', hasFilesBeside: true }
  const beside = await readdir(join(folder, sub))
  const hasFilesBeside = beside.some(
    (name) => !dockerfileName.test(name) && !name.endsWith('.dockerignore') && !/^readme/i.test(name),
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
