import { join, posix } from 'node:path'
import { isTelling, type ProjectFiles } from '../../core/variants/split/project-files'
import { readTextInside } from './inside'
import { listBounded } from './list-bounded'

const mostNames = 20_000
const mostTexts = 200

/**
 * The names at the top of a folder of a project, and the text of its manifests and scripts. What cannot be read, is too large or leads out of the
 * project has no text.
 */
export async function readProjectFiles(project: string, context: string): Promise<ProjectFiles> {
  const entries = await listBounded(join(project, context), mostNames).catch(() => [])
  const names = entries.map(({ name }) => name)
  const texts = new Map<string, string>()
  for (const name of names.filter(isTelling).slice(0, mostTexts)) {
    const text = await readTextInside(project, posix.join(context, name)).catch(() => undefined)
    if (text !== undefined) texts.set(name, text)
  }
  return { names, text: (name) => texts.get(name) }
}
