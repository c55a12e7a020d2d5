import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface AsideOptions {
  /** Waits until the content is on the disk, so that a power loss leaves the old file or the new one. */
  readonly isSynced: boolean
  /** Permissions of the file that is put in place; nobody else can read it before. */
  readonly mode: number
}

/** Longer names plus a suffix would exceed the limit of a file name, 255 bytes. */
const maxNameLength = 100

/** Writes a file under another name in the same folder and renames it, so that a file is complete or absent. Throws what the disk says; leaves nothing beside the file. */
export async function writeAside(path: string, content: string | Uint8Array, options: AsideOptions): Promise<void> {
  const name = `${basename(path).slice(0, maxNameLength)}.${process.pid}.${randomBytes(6).toString('hex')}.part`
  const aside = join(dirname(path), name)
  const file = await open(aside, 'wx', 0o600)
  try {
    try {
      await file.chmod(0o600) // the umask may have taken more away
      await file.writeFile(content)
      await file.chmod(options.mode)
      if (options.isSynced) await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw error
  }
}
