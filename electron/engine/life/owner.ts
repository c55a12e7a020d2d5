import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The label that names the process that made a container. */
export const ownerLabel = 'dev.cutaway.owner'

/** `gone` only for a process of this machine that has ended; a process of another machine cannot be judged from here. */
export type OwnerState = 'alive' | 'gone' | 'elsewhere'

/** This process as a label value and part of a tag: machine, boot, process id and start time, separated by dots. */
export function thisOwner(): string {
  return [machineId(), bootId(), process.pid, startOf(process.pid) ?? '0'].join('.')
}

/** Whether the process still runs that `thisOwner` described. Anything else than such a description is `elsewhere`. */
export function ownerState(owner: string): OwnerState {
  const [, machine, boot, pid, start] = /^([0-9a-f]{12})\.([0-9a-f]{8})\.(\d+)\.(\d+)$/.exec(owner) ?? []
  if (machine !== machineId()) return 'elsewhere'
  if (boot !== bootId() || !isRunning(Number(pid))) return 'gone'
  // A reused process id has another start time. Only Linux tells it.
  return (startOf(Number(pid)) ?? '0') === start ? 'alive' : 'gone'
}

/** A machine, or a container with process ids of its own. */
const machineId = (): string =>
  digest([hostname(), readOr('/etc/machine-id'), linkOr('/proc/self/ns/pid')].join('\n'), 12)

const bootId = (): string => digest(readOr('/proc/sys/kernel/random/boot_id'), 8)

const digest = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it belongs to another user
  }
}

/** In clock ticks since boot, from the fields after the program's name; undefined for a process that has ended, or no Linux. */
function startOf(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended; its parent has not asked for its exit code yet.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return '' // not on this system
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // not on this system
  }
}
