/** Everything that an image config says of how its containers start; a Dockerfile can set each of it. */
export interface ImageSettings {
  /** Undefined where the image sets none; an empty list is a setting. */
  readonly entrypoint: readonly string[] | undefined
  readonly command: readonly string[] | undefined
  readonly env: Readonly<Record<string, string>>
  /** '' is the root. */
  readonly workdir: string
  /** '' is root. */
  readonly user: string
  /** `8080/tcp`. */
  readonly exposedPorts: readonly string[]
  readonly volumes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly healthcheck: HealthcheckSettings | undefined
  /** '' is the engine's default. */
  readonly stopSignal: string
  /** Empty is the engine's default. */
  readonly shell: readonly string[]
  /** Instructions that a later FROM runs. */
  readonly triggers: readonly string[]
}

/** Times are in nanoseconds, 0 for the engine's default. */
export interface HealthcheckSettings {
  /** `CMD`, `CMD-SHELL` or `NONE`, then its words. */
  readonly test: readonly string[]
  readonly interval: number
  readonly timeout: number
  readonly startPeriod: number
  readonly retries: number
}

/** Settings of `FROM scratch`. */
export const noSettings: ImageSettings = {
  entrypoint: undefined,
  command: undefined,
  env: {},
  workdir: '',
  user: '',
  exposedPorts: [],
  volumes: [],
  labels: {},
  healthcheck: undefined,
  stopSignal: '',
  shell: [],
  triggers: [],
}

/** Reads `Config` as an engine's image inspection returns it; never throws: anything missing or of a wrong type becomes empty. */
export function readImageSettings(json: unknown): ImageSettings {
  const config = asRecord(json)
  const pairs = asTexts(config.Env).map((pair): [string, string] => {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    return [name, value]
  })
  return {
    entrypoint: Array.isArray(config.Entrypoint) ? asTexts(config.Entrypoint) : undefined,
    command: Array.isArray(config.Cmd) ? asTexts(config.Cmd) : undefined,
    env: Object.fromEntries(pairs),
    workdir: asText(config.WorkingDir),
    user: asText(config.User),
    exposedPorts: Object.keys(asRecord(config.ExposedPorts)),
    volumes: Object.keys(asRecord(config.Volumes)),
    labels: Object.fromEntries(Object.entries(asRecord(config.Labels)).map(([name, value]) => [name, asText(value)])),
    healthcheck: readHealthcheck(config.Healthcheck),
    stopSignal: asText(config.StopSignal),
    shell: asTexts(config.Shell),
    triggers: asTexts(config.OnBuild),
  }
}

function readHealthcheck(json: unknown): HealthcheckSettings | undefined {
  const { Test, Interval, Timeout, StartPeriod, Retries } = asRecord(json)
  const test = asTexts(Test)
  if (test.length === 0) return undefined
  return {
    test,
    interval: asNumber(Interval),
    timeout: asNumber(Timeout),
    startPeriod: asNumber(StartPeriod),
    retries: asNumber(Retries),
  }
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
const asNumber = (value: unknown): number => (typeof value === 'number' ? value : 0)
const asTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
