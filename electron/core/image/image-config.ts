/** The parts of an OCI image config that Cutaway reads (https://github.com/opencontainers/image-spec/blob/main/config.md). */
export interface ImageConfig {
  readonly architecture: string
  readonly os: string
  readonly diffIds: readonly string[]
  readonly history: readonly HistoryEntry[]
  readonly labels: Readonly<Record<string, string>>
  readonly run: RunConfig
}

/** How a container of the image is started. */
export interface RunConfig {
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** '' is the root. */
  readonly workdir: string
  /** '' is root. */
  readonly user: string
  /** `8080/tcp`. */
  readonly exposedPorts: readonly string[]
  /** The test of a HEALTHCHECK: `CMD-SHELL` or `CMD`, then its words; empty for none. */
  readonly healthcheck: readonly string[]
}

export interface HistoryEntry {
  readonly createdBy: string
  readonly isEmptyLayer: boolean
}

/** Reads a config; never throws: anything missing or of a wrong type becomes empty. */
export function readImageConfig(json: unknown): ImageConfig {
  const root = asRecord(json)
  const rootfs = asRecord(root.rootfs)
  const run = asRecord(root.config)
  return {
    architecture: asText(root.architecture),
    os: asText(root.os),
    diffIds: asList(rootfs.diff_ids).map(asText),
    history: asList(root.history).map((entry) => {
      const fields = asRecord(entry)
      return { createdBy: asText(fields.created_by), isEmptyLayer: fields.empty_layer === true }
    }),
    labels: Object.fromEntries(Object.entries(asRecord(run.Labels)).map(([name, value]) => [name, asText(value)])),
    run: {
      entrypoint: asList(run.Entrypoint).map(asText),
      command: asList(run.Cmd).map(asText),
      env: Object.fromEntries(asList(run.Env).map((pair) => asText(pair).split(/=(.*)/s).slice(0, 2))),
      workdir: asText(run.WorkingDir),
      user: asText(run.User),
      exposedPorts: Object.keys(asRecord(run.ExposedPorts)),
      healthcheck: asList(asRecord(run.Healthcheck).Test).map(asText),
    },
  }
}

/**
 * For each layer the instruction that made it. History entries without a layer are skipped; when the counts do not
 * agree (images from `docker import`, squashed ones) nothing is guessed and every text is empty.
 */
export function createdByOfLayers(config: ImageConfig): readonly string[] {
  const withLayer = config.history.filter((entry) => !entry.isEmptyLayer)
  if (withLayer.length !== config.diffIds.length) return config.diffIds.map(() => '')
  return withLayer.map((entry) => readableInstruction(entry.createdBy))
}

/** `RUN /bin/sh -c apt-get update # buildkit` as it stands in a Dockerfile: `RUN apt-get update`. */
export function readableInstruction(createdBy: string): string {
  const text = createdBy.replace(/\s+# buildkit$/, '')
  const nop = /^\/bin\/sh -c #\(nop\)\s+(.*)$/s.exec(text)
  if (nop) return nop[1]!.trim()
  const classic = /^\/bin\/sh -c (.*)$/s.exec(text)
  if (classic) return `RUN ${classic[1]}`
  return text.replace(/^RUN (?:\|\d+ .*?)?\/bin\/sh -c /s, 'RUN ')
}

type Fields = Readonly<Record<string, unknown>>
const asRecord = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
