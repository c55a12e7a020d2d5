import { readdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EngineError } from '../../core/failure'
import { homeDirectory } from '../home-directory'
import { unreadable } from '../unreadable'

export interface FolderContents {
  readonly path: string
  readonly parent: string | undefined
  readonly folders: readonly string[]
  /** Saved images and comparisons. */
  readonly files: readonly string[]
  readonly hasDockerfile: boolean
}

/** Sub-folders and what can be opened, by name, for hosts without a file dialog; hidden ones are left out. Throws folder-missing, path-unreadable. */
export async function listFolder(path: string = homeDirectory()): Promise<FolderContents> {
  const wanted = resolve(path)
  try {
    const folder = await realpath(wanted)
    const entries = await readdir(folder, { withFileTypes: true })
    const folders = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
    const parent = dirname(folder)
    return {
      path: folder,
      parent: parent === folder ? undefined : parent,
      folders: folders.sort(),
      files: entries
        .filter((entry) => entry.isFile() && /\.(tar|cutaway|cutaway\.html)$/i.test(entry.name))
        .map((entry) => entry.name)
        .sort(),
      hasDockerfile: entries.some((entry) => /^(Dockerfile|Containerfile)/.test(entry.name)),
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new EngineError({ code: 'folder-missing', path: wanted }, { cause })
    throw unreadable(wanted, cause)
  }
}
