import { createHash, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** A lock that this process holds. */
export interface Lock {
  readonly release: () => void
}

/**
 * Takes a lock that is a file with its owner in it, or returns undefined while its owner lives. A lock whose owner is gone (another
 * process has the id now, or the machine was restarted) is taken over by exactly one process. Throws where the lock cannot be a file.
 */
export function takeLock(path: string): Lock | undefined {
  const own = JSON.stringify({ ...ownerOf(process.pid), lock: randomUUID() })
  const draft = `${path}.${process.pid}-${randomUUID()}`
  try {
    writeFileSync(draft, own, { mode: 0o600 })
    for (let unread = 0; unread < maxUnread; ) {
      if (placeNew(draft, path)) return lockAt(path, own)
      const found = readText(path)
      if (found === undefined) {
        unread++
        continue
      }
      if (isOwnerAlive(found)) return undefined
      if (takeOver(draft, path, found)) return lockAt(path, own)
      if (readText(path) === found) return undefined
    }
    throw new Error(`${path} is not a file that can be read; remove it`)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A lock that is released at that moment cannot be read once or twice. A folder or a link to nothing in its place never can. */
const maxUnread = 1000

/** Whether a living process holds the lock. */
export function isLocked(path: string): boolean {
  const found = readText(path)
  return found !== undefined && isOwnerAlive(found)
}

const lockAt = (path: string, own: string): Lock => ({
  release: () => {
    if (readText(path) === own) rmSync(path, { force: true })
  },
})

/** A link appears with its content complete, or not at all. */
function placeNew(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Moves a draft into the place of a stale lock, and returns whether it did. Invariant: only the holder of a second lock, which is named
 * after the stale content, does that. A process that comes late finds other content, and leaves it.
 */
export function takeOver(draft: string, path: string, stale: string): boolean {
  const right = takeLock(`${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 12)}`)
  if (right === undefined) return false
  try {
    if (readText(path) !== stale) return false
    renameSync(draft, path)
    return true
  } finally {
    right.release()
  }
}

interface Owner {
  readonly pid: number
  readonly startedAt: string
  readonly boot: string
}

function isOwnerAlive(text: string): boolean {
  let owner: Partial<Owner>
  try {
    owner = JSON.parse(text)
  } catch {
    return false // written by an earlier version, or cut off by a power loss
  }
  const now = ownerOf(Number(owner?.pid))
  return now !== undefined && now.startedAt === owner.startedAt && now.boot === owner.boot
}

/** Process ids are reused; id, start time and boot together are not. */
function ownerOf(pid: number): Owner | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The second field is the program's name, which may contain spaces and parentheses.
  const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return { pid, startedAt: startedAt ?? '', boot: readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '' }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // released, or the process is gone
  }
}
