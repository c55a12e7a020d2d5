import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { dataDirectory } from '../setup/data-directory'
import { writeAside } from './write-aside'

// What Cutaway keeps for itself is for its user alone: indexes hold the environment of images, and secrets are kept there.

const folderMode = 0o700
const fileMode = 0o600

/** Makes one of Cutaway's own folders, which only its user may enter, whatever the umask. An existing folder that others may enter is tightened. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  const root = dataDirectory()
  if (folder.startsWith(join(root, '/')) && folder !== root) await tighten(root)
  await tighten(folder)
}

/** Writes one of Cutaway's own files, and its folder where that is missing. Throws what the disk says. */
export async function writeOwnFile(
  path: string,
  content: string | Uint8Array,
  { isSynced }: { readonly isSynced: boolean },
): Promise<void> {
  await makeOwnFolder(dirname(path))
  await writeAside(path, content, { isSynced, mode: fileMode })
}

/** One level at a time: a umask that takes away the user's own rights must not keep us out of what we made. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: folderMode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    return makeFolder(folder)
  }
  await chmod(folder, folderMode)
}

const ownNames = /^(settings\.json|recent\.json|index-cache|engine|(layer|image)-[0-9a-f]*\.v\d+)(\..*)?$/

/** A folder that the user shares with something else keeps its permissions; what Cutaway puts into it is private anyway. */
async function tighten(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder)
  if (process.platform === 'win32' || (mode & 0o077) === 0 || uid !== process.getuid?.()) return
  const names = await readdir(folder)
  const defaultRoot = dataDirectory({ ...process.env, CUTAWAY_DATA: '' })
  const isOwn = folder === defaultRoot || /^(index-cache|engine)$/.test(basename(folder))
  if (!isOwn && !names.every((name) => ownNames.test(name))) return
  await chmod(folder, folderMode)
  for (const name of names.filter((each) => ownNames.test(each))) await tightenFile(join(folder, name))
}

/** Another process may have removed it. */
async function tightenFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() && (found.mode & 0o077) !== 0) await chmod(path, fileMode).catch(() => undefined)
}
