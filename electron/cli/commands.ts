import type { Command } from './command'

// Loaded when asked for: no command should wait for what another one needs.
const commands: Readonly<Record<string, () => Promise<{ readonly run: Command }>>> = {
  compare: () => import('./compare-command'),
  variants: () => import('./variants-command'),
  ladder: () => import('./ladder-command'),
  check: () => import('./check-command'),
  graph: () => import('./graph-command'),
  derive: () => import('./derive-command'),
  inspect: () => import('./inspect-command'),
  surface: () => import('./surface-command'),
  sbom: () => import('./sbom-command'),
  read: () => import('./read-command'),
  cache: () => import('./cache-command'),
  engine: () => import('./engine-command'),
}

/** What loads a command; undefined where there is no command of that name. */
export const commandNamed = (name: string): (() => Promise<{ readonly run: Command }>) | undefined =>
  Object.hasOwn(commands, name) ? commands[name] : undefined

/**
 * Commands that have builds, containers or programs to end when they are cancelled, and therefore a thread of their own. A signal ends the
 * others at once, as the system does it.
 */
export const isLongRunning = (name: string): boolean => name === 'compare' || name === 'ladder'
