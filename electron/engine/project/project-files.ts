import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isTelling, type ProjectFiles } from '../../core/variants/split/project-files'

/** Lock files of large projects are longer; nothing in them past this matters here. */
const largestManifest = 4 << 20

/** The names at the top of a folder, and the text of its manifests and scripts. What cannot be read is not there. */
export async function readProjectFiles(folder: string): Promise<ProjectFiles> {
  const names: string[] = await readdir(folder).catch(() => [])
  const texts = new Map<string, string>()
  for (const name of names.filter(isTelling)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile() || found.size > largestManifest) continue
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text !== undefined) texts.set(name, text)
  }
  return { names: names.sort(), text: (name) => texts.get(name) }
}
