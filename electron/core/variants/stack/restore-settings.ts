import type { TracedSettings } from '../../dockerfile/stage-settings'
import { healthcheckLine, settingValue } from '../setting-lines'

/** Which settings the final stage makes by itself, so that nothing has to be restored. */
export interface OwnSettings {
  readonly hasEntrypoint: boolean
  readonly hasCommand: boolean
  /** Its first instruction that depends on the working folder is an absolute WORKDIR. */
  readonly setsWorkdirFirst: boolean
}

export interface RestoredSettings {
  readonly lines: readonly string[]
  /** What a Dockerfile cannot take back. */
  readonly remains: readonly string[]
}

/**
 * The instructions that turn the settings at the end of the build stage into those with which the final stage's own instructions start.
 * `isSameRepository`: both bases are variants of one image, so that what is not known is taken to be equal.
 */
export function restoreSettings(
  start: TracedSettings,
  end: TracedSettings,
  own: OwnSettings,
  isSameRepository: boolean,
): RestoredSettings {
  const lines: string[] = []
  const isKnown = (field: keyof TracedSettings['values']): boolean => end.isBaseKnown || end.set.has(field)
  const [from, to] = [end.values, start.values]
  if (end.isBaseKnown || start.isBaseKnown)
    for (const [name, value] of Object.entries(to.env))
      if (from.env[name] !== value && (end.isBaseKnown || name !== 'PATH'))
        lines.push(`ENV ${name}=${settingValue(value)}`)
  for (const [name, value] of Object.entries(to.labels))
    if (from.labels[name] !== value) lines.push(`LABEL ${JSON.stringify(name)}=${settingValue(value)}`)
  const workdir = to.workdir || '/'
  const isWorkdirKept = isKnown('workdir') ? (from.workdir || '/') === workdir : isSameRepository
  if (!own.setsWorkdirFirst && !isWorkdirKept) lines.push(`WORKDIR ${workdir}`)
  if (isKnown('shell') && from.shell.join('\0') !== to.shell.join('\0'))
    lines.push(`SHELL ${JSON.stringify(to.shell.length > 0 ? to.shell : ['/bin/sh', '-c'])}`)
  if (numberOf(from.user) !== numberOf(to.user)) lines.push(`USER ${to.user || '0:0'}`)
  if (isKnown('stopSignal') && from.stopSignal !== to.stopSignal) lines.push(`STOPSIGNAL ${to.stopSignal || 'SIGTERM'}`)
  if (isKnown('healthcheck') && JSON.stringify(from.healthcheck) !== JSON.stringify(to.healthcheck))
    lines.push(healthcheckLine(to.healthcheck))
  lines.push(...commandLines(start, end, own, isSameRepository))
  const remains = [
    ...from.exposedPorts.filter((port) => !to.exposedPorts.includes(port)).map((port) => `EXPOSE ${port}`),
    ...from.volumes.filter((folder) => !to.volumes.includes(folder)).map((folder) => `VOLUME ${folder}`),
    ...Object.keys(from.env)
      .filter((name) => start.isBaseKnown && to.env[name] === undefined)
      .map((name) => `ENV ${name}`),
  ]
  return { lines, remains }
}

/** Setting an entrypoint clears the command, so the command comes after it. */
function commandLines(
  start: TracedSettings,
  end: TracedSettings,
  own: OwnSettings,
  isSameRepository: boolean,
): string[] {
  if (own.hasEntrypoint) return []
  const [from, to] = [end.values, start.values]
  const isEntrypointKnown = end.isBaseKnown || end.set.has('entrypoint')
  const isSame = isEntrypointKnown
    ? JSON.stringify(from.entrypoint ?? []) === JSON.stringify(to.entrypoint ?? [])
    : isSameRepository
  const lines = isSame ? [] : [`ENTRYPOINT ${JSON.stringify(to.entrypoint ?? [])}`]
  if (own.hasCommand) return lines
  const isCommandKept = isSame && JSON.stringify(from.command ?? []) === JSON.stringify(to.command ?? [])
  const hasCommand = (to.command ?? []).length > 0
  const isInherited = isSame && !end.isBaseKnown && !end.set.has('command')
  return isCommandKept || isInherited || (!isSame && !hasCommand)
    ? lines
    : [...lines, `CMD ${JSON.stringify(to.command ?? [])}`]
}

const numberOf = (user: string): string => (/^(root|0)?(:.*)?$/.test(user) ? '0' : user)
