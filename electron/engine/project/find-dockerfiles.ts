import { realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { EngineError } from '../../core/failure'
import type { RefusedOffer } from '../../core/variants/offers'
import { isInside } from './inside'
import { listBounded } from './list-bounded'

export const dockerfileName = /^(Dockerfile|Containerfile)([._-].+)?$|\.(Dockerfile|Containerfile)$/i
const skippedFolders = new Set(['node_modules', '.git', 'vendor', 'target', '.venv', 'venv', '__pycache__'])
const deepest = 3
const mostEntries = 50_000
const mostDockerfiles = 300

export interface FoundPaths {
  /** Paths with `/`, shallow first. */
  readonly paths: readonly string[]
  readonly leftOut: readonly RefusedOffer[]
}

/**
 * The Dockerfiles of a folder, whose path must be real. Links to folders are not followed; a link to a Dockerfile that is closer to the top takes its place. Folders that
 * cannot be read below the top are left out. Throws what reading the top throws.
 */
export async function findDockerfiles(folder: string): Promise<FoundPaths> {
  const files: string[] = []
  const links: string[] = []
  let entriesLeft = mostEntries
  const visit = async (path: string, depth: number): Promise<void> => {
    if (entriesLeft <= 0) return
    const entries = await listBounded(path, entriesLeft).catch((error) => {
      if (path === folder) throw error
      return []
    })
    entriesLeft -= entries.length
    for (const entry of entries) {
      const at = join(path, entry.name)
      if (entry.isDirectory() && depth < deepest && !skippedFolders.has(entry.name)) await visit(at, depth + 1)
      else if (!dockerfileName.test(entry.name) || entry.name.endsWith('.dockerignore')) continue
      else if (entry.isFile()) files.push(toPath(folder, at))
      else if (entry.isSymbolicLink()) links.push(toPath(folder, at))
    }
  }
  await visit(folder, 0)
  const { targets, leftOut } = await followLinks(folder, links)
  const found = new Set(files)
  for (const [link, target] of targets) {
    if (found.has(target) && depthOf(target) <= depthOf(link)) continue
    found.delete(target)
    found.add(link)
  }
  const paths = [...found].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))
  const isWhole = entriesLeft > 0 && paths.length <= mostDockerfiles
  return { paths: paths.slice(0, mostDockerfiles), leftOut: isWhole ? leftOut : [...leftOut, notWhole] }
}

const depthOf = (path: string): number => path.split('/').length

const notWhole: RefusedOffer = {
  id: 'scan',
  title: 'Other Dockerfiles',
  problem: 'The folder is large, so not all of it was searched. Open the subfolder that contains the Dockerfile.',
}

/** Where each link to a file leads, and the links that lead out of the project. */
async function followLinks(
  folder: string,
  links: readonly string[],
): Promise<{ targets: ReadonlyMap<string, string>; leftOut: RefusedOffer[] }> {
  const targets = new Map<string, string>()
  const leftOut: RefusedOffer[] = []
  for (const path of links) {
    const real = await realpath(join(folder, path)).catch(() => undefined)
    if (real === undefined) continue
    const problem = new EngineError({ code: 'outside-project', path }).message
    if (!isInside(folder, real)) leftOut.push({ id: path, title: path, problem })
    else if ((await stat(real)).isFile()) targets.set(path, toPath(folder, real))
  }
  return { targets, leftOut }
}

const toPath = (folder: string, full: string): string => relative(folder, full).split(sep).join('/')
