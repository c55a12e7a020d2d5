import { type ImageSettings, noSettings } from '../image/image-settings'
import { stepsWithState } from './stage-state'
import type { Stage } from './stages'
import { argumentWords, assignments, execForm, expandVariables, unquote } from './words'

/** The settings at some point of a stage, as far as they are known. */
export interface TracedSettings {
  readonly values: ImageSettings
  /** Fields that a Dockerfile instruction has set. */
  readonly set: ReadonlySet<keyof ImageSettings>
  /** Whether the settings of the image below are known; if not, only the fields in `set` are. */
  readonly isBaseKnown: boolean
}

/** Settings of an image; undefined for one that was not inspected. */
export const settingsOfImage = (settings: ImageSettings | undefined): TracedSettings => ({
  values: settings ?? noSettings,
  set: new Set(),
  isBaseKnown: settings !== undefined,
})

/** The settings at the end of a stage that starts with `begin`, as the builder would store them. */
export function settingsAfter(stage: Stage, begin: TracedSettings): TracedSettings {
  const { workdir, user, env } = begin.values
  const { steps, end } = stepsWithState(stage, { workdir: workdir || '/', env, user })
  const set = new Set(begin.set)
  let values: ImageSettings = begin.values
  const change = (fields: Partial<ImageSettings>): void => {
    values = { ...values, ...fields }
    for (const name of Object.keys(fields)) set.add(name as keyof ImageSettings)
  }
  let hasCommand = false
  for (const step of steps) {
    const { keyword, argumentText } = step.instruction
    const expanded = (text: string): string => unquote(expandVariables(text, step.env))
    const words = (): string[] => argumentWords(argumentText).map((word) => expandVariables(word, step.env))
    const pairs = (): Record<string, string> =>
      Object.fromEntries(assignments(argumentText).map(({ name, value = '' }) => [name, expanded(value)]))
    if (keyword === 'ENV') change({ env: { ...values.env, ...pairs() } })
    else if (keyword === 'LABEL') change({ labels: { ...values.labels, ...pairs() } })
    else if (keyword === 'EXPOSE') change({ exposedPorts: [...values.exposedPorts, ...words().map(portOf)] })
    else if (keyword === 'VOLUME') change({ volumes: [...values.volumes, ...words()] })
    else if (keyword === 'STOPSIGNAL') change({ stopSignal: expanded(argumentText) })
    else if (keyword === 'SHELL') change({ shell: execForm(argumentText) ?? [] })
    else if (keyword === 'HEALTHCHECK') change({ healthcheck: readHealthcheck(argumentText) })
    else if (keyword === 'CMD') {
      hasCommand = true
      change({ command: commandOf(argumentText, values.shell) })
    } else if (keyword === 'ENTRYPOINT')
      // An entrypoint clears the command of the image below (https://docs.docker.com/reference/dockerfile/#entrypoint).
      change({
        entrypoint: commandOf(argumentText, values.shell),
        ...(hasCommand ? {} : { command: undefined }),
      })
    else if (keyword === 'WORKDIR') {
      if (begin.isBaseKnown || set.has('workdir') || expanded(argumentText).startsWith('/')) set.add('workdir')
    } else if (keyword === 'USER') set.add('user')
  }
  return {
    values: { ...values, workdir: end.workdir, user: end.user ?? '' },
    set,
    isBaseKnown: begin.isBaseKnown,
  }
}

const portOf = (word: string): string => (word.includes('/') ? word : `${word}/tcp`)

function commandOf(argumentText: string, shell: readonly string[]): readonly string[] {
  return execForm(argumentText) ?? [...(shell.length > 0 ? shell : ['/bin/sh', '-c']), argumentText]
}

function readHealthcheck(argumentText: string): ImageSettings['healthcheck'] {
  const command = argumentText.replace(/^CMD\s+/i, '')
  const vector = execForm(command)
  const test = /^NONE$/i.test(command) ? ['NONE'] : vector ? ['CMD', ...vector] : ['CMD-SHELL', command]
  return { test, interval: 0, timeout: 0, startPeriod: 0, retries: 0 }
}
