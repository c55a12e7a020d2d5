import { readFile, stat } from 'node:fs/promises'
import { changeJson } from './settings'

/** A project that was opened before. */
export interface RecentProject {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly openedMs: number
}

const mostKept = 50
const mostShown = 10

/** Newest first, without those whose folder is not there now; a file that is absent or damaged holds none. */
export async function readRecent(file: string): Promise<RecentProject[]> {
  const kept = await readKept(file)
  const isThere = await Promise.all(kept.map(({ path }) => isFolder(path)))
  return kept.filter((_, at) => isThere[at]).slice(0, mostShown)
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function readKept(file: string): Promise<RecentProject[]> {
  try {
    const found: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Array.isArray(found) ? found.filter(isRecentProject) : []
  } catch {
    return []
  }
}

/** Puts a project at the top. Throws path-unwritable, disk-full. */
export async function addRecent(file: string, project: RecentProject): Promise<void> {
  await changeJson(file, async () => {
    const others = (await readKept(file)).filter(({ path }) => path !== project.path)
    return [project, ...others].slice(0, mostKept)
  })
}

/** Throws path-unwritable, disk-full. */
export async function forgetRecent(file: string, path: string): Promise<void> {
  await changeJson(file, async () => (await readKept(file)).filter((project) => project.path !== path))
}

function isRecentProject(found: unknown): found is RecentProject {
  const { path, openedMs } = (found ?? {}) as Partial<Record<keyof RecentProject, unknown>>
  return typeof path === 'string' && Number.isFinite(openedMs)
}
