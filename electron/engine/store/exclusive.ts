import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const turns = new Map<string, Promise<unknown>>()

/**
 * Runs a change of a file while no other change of it runs, in this process or another one. A process that ended in the middle, or
 * takes too long, does not block others. Where no lock can be made, for example on a full disk, the change runs without one.
 */
export function exclusively<T>(file: string, change: () => Promise<T>): Promise<T> {
  const turn = (turns.get(file) ?? Promise.resolve())
    .catch(() => undefined) // its own caller knows
    .then(() => whileLocked(`${file}.lock`, change))
  turns.set(file, turn)
  return turn.finally(() => {
    if (turns.get(file) === turn) turns.delete(file)
  })
}

const patienceMs = 5000
const longestChangeMs = 10_000

async function whileLocked<T>(lock: string, change: () => Promise<T>): Promise<T> {
  const isOurs = await takeLock(lock)
  try {
    return await change()
  } finally {
    if (isOurs) await rm(lock, { force: true }).catch(() => undefined)
  }
}

async function takeLock(lock: string): Promise<boolean> {
  for (const endMs = Date.now() + patienceMs; Date.now() < endMs; ) {
    try {
      await makeLock(lock)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
    await removeAbandoned(lock)
    await sleep(5 + Math.random() * 20)
  }
  return false
}

/** Throws EEXIST where another one holds it; what cannot be written whole is removed. */
async function makeLock(lock: string): Promise<void> {
  const file = await open(lock, 'wx', 0o600)
  try {
    await file.writeFile(String(process.pid)).finally(() => file.close())
  } catch (error) {
    await rm(lock, { force: true })
    throw error
  }
}

/** Moved away before it is removed: another process may have done so since, and then this is its new lock, which is put back. */
async function removeAbandoned(lock: string): Promise<void> {
  if (!(await isAbandoned(lock))) return
  const aside = `${lock}.${process.pid}.part`
  await rename(lock, aside).catch(() => undefined)
  if (!(await isAbandoned(aside))) await link(aside, lock).catch(() => undefined)
  await rm(aside, { force: true }).catch(() => undefined)
}

async function isAbandoned(lock: string): Promise<boolean> {
  const [text, found] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]).catch(() => ['', undefined] as const)
  if (found === undefined) return false
  const ageMs = Date.now() - found.mtimeMs
  // Just made, and its owner is still to write into it.
  if (text === '') return ageMs > 1000
  return !isAlive(Number(text)) || ageMs > longestChangeMs
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
