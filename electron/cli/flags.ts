/** An option of the command line, as the parser and the help know it. */
export interface FlagSpec {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** It may be given more than once. */
  readonly multiple?: boolean
  /** Stands for its value in the help. */
  readonly value?: string
  /** The option without which it has no effect. */
  readonly needs?: string
  /** A clause for the help. */
  readonly text: string
}

/** All options of all commands; each command names those that it takes. */
export const flagSpecs = {
  before: { type: 'string', value: 'ID', text: 'the before variant; `cutaway variants` lists the IDs' },
  after: { type: 'string', value: 'ID', text: 'the after variant' },
  variant: {
    type: 'string',
    multiple: true,
    value: 'ID',
    text: 'a variant to build; repeat it for more (default: all)',
  },
  'build-arg': { type: 'string', multiple: true, value: 'NAME=VALUE', text: 'set a build argument' },
  'build-context': {
    type: 'string',
    multiple: true,
    value: 'NAME=docker-image://REFERENCE',
    text: 'set a named build context',
  },
  to: { type: 'string', value: 'TARGET', text: 'traditional, multi-stage, distroless or minimal' },
  explain: { type: 'boolean', text: 'write the reasons into the Dockerfile as comments' },
  run: { type: 'boolean', text: 'also run both images and compare what they do' },
  input: { type: 'string', value: 'FILE', needs: 'run', text: 'standard input of both runs' },
  port: { type: 'string', value: 'N', needs: 'run', text: 'send an HTTP GET to this port' },
  path: { type: 'string', value: '/PATH', needs: 'run', text: 'path of the HTTP GET (default: /)' },
  seconds: { type: 'string', value: 'N', needs: 'run', text: 'time limit of each run (default: 10)' },
  network: { type: 'boolean', needs: 'run', text: 'give the runs a network' },
  matrix: { type: 'boolean', text: 'also measure build times after typical edits, and what a push transfers' },
  runs: { type: 'string', value: 'N', needs: 'matrix', text: 'builds per case (default: 1)' },
  scan: { type: 'boolean', text: 'look up known vulnerabilities with grype or trivy, if installed' },
  report: { type: 'string', value: 'FILE', text: 'write an HTML report for any browser' },
  save: { type: 'string', value: 'FILE', text: 'write a comparison for the app' },
  markdown: { type: 'boolean', text: 'print Markdown for a pull request' },
  svg: { type: 'boolean', text: 'draw the stages' },
  source: { type: 'string', value: 'SOURCE', text: 'read layers from tar-split, content-store, export or archive' },
  platform: { type: 'string', value: 'OS/ARCH', text: 'choose an image of a multi-platform archive' },
  format: { type: 'string', value: 'FORMAT', text: 'cyclonedx (default) or spdx' },
  'no-cache': { type: 'boolean', text: 'build, or read the image, without a cache' },
  'include-secrets': { type: 'boolean', text: 'keep values that look like secrets' },
  json: { type: 'boolean', text: 'print JSON, schema version 1' },
  output: { type: 'string', short: 'o', value: 'FILE', text: 'write the result to a file' },
  help: { type: 'boolean', short: 'h', text: 'print this help' },
} as const satisfies Readonly<Record<string, FlagSpec>>

export type FlagName = keyof typeof flagSpecs

type FlagValue<S extends FlagSpec> = S extends { readonly type: 'boolean' }
  ? boolean
  : S extends { readonly multiple: true }
    ? readonly string[] | undefined
    : string | undefined

/** The options of a call; those that were not given are false or undefined. */
export type CommandFlags = { readonly [N in FlagName]: FlagValue<(typeof flagSpecs)[N]> }
