import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { IgnoreRules } from '../../core/context/ignore-rules'
import { unreadable } from '../unreadable'
import { isInside, readTextInside } from './inside'

/** How the Dockerfile gets into a build context. */
export interface SentDockerfile {
  /** Path in the context. */
  readonly path: string
  /** What is sent under that path; undefined where the file on disk is. */
  readonly text: string | undefined
}

interface Placement {
  /** Real paths of the project and of the folder that is sent. */
  readonly project: string
  readonly root: string
  /** Path in the project. */
  readonly dockerfile: string
  readonly text: string | undefined
  readonly rules: IgnoreRules
}

/**
 * Where the Dockerfile goes: its own place, where it is a file of the context, else under a name that no file there has, so that the
 * builder cannot take another one. Throws what readTextInside throws, and path-unreadable where there is no such file.
 */
export async function sentDockerfile(placement: Placement): Promise<SentDockerfile> {
  const { project, root, dockerfile, rules } = placement
  const own = await ownPlace(placement)
  if (own !== undefined && (placement.text !== undefined || !rules.ignores(own)))
    return { path: own, text: placement.text }
  const text = placement.text ?? (await readTextInside(project, dockerfile))
  if (text === undefined) throw unreadable(join(project, dockerfile), Object.assign(new Error(), { code: 'ENOENT' }))
  return { path: own ?? (await freeName(root)), text }
}

/** The path in the context under which the file on disk is sent, or the text in its place; undefined where neither would be built. */
async function ownPlace({ project, root, dockerfile, text, rules }: Placement): Promise<string | undefined> {
  const full = join(project, dockerfile)
  const parent = await realpath(dirname(full)).catch(() => undefined)
  if (parent === undefined || !isInside(root, parent)) return undefined
  const place = join(parent, basename(full))
  const path = toSlashes(relative(root, place))
  const found = await lstat(place).catch(() => undefined)
  if (found === undefined) return text === undefined ? undefined : path
  if (found.isFile()) return (await isSpelledSo(parent, basename(full))) ? path : undefined
  if (text !== undefined || !found.isSymbolicLink()) return undefined
  // The builder follows a link to a file that is sent, too.
  const real = await realpath(place).catch(() => undefined)
  if (real === undefined || !isInside(root, real) || !(await stat(real)).isFile()) return undefined
  return rules.ignores(toSlashes(relative(root, real))) ? undefined : path
}

/** Whether a folder has the name as it is written: a file system that takes capitals for small letters finds others, too. */
async function isSpelledSo(folder: string, name: string): Promise<boolean> {
  return (await readdir(folder)).includes(name)
}

async function freeName(root: string): Promise<string> {
  const taken = new Set((await readdir(root)).map((name) => name.toLowerCase()))
  for (let number = 0; ; number++) {
    const name = number === 0 ? '.cutaway.dockerfile' : `.cutaway-${number}.dockerfile`
    if (!taken.has(name)) return name
  }
}

const toSlashes = (path: string): string => path.split(sep).join('/')
