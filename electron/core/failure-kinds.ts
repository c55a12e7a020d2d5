import type { BuildCause } from './build/cause'

/** Why the environment said no. Carries facts; the sentences are made by `describeFailure` alone. */
export type Failure =
  | { readonly code: 'cancelled' }
  | { readonly code: 'internal'; readonly incident: string }
  | { readonly code: 'bad-input'; readonly problem: string }
  /** The page lost the process that serves it. */
  | { readonly code: 'host-lost'; readonly detail: string }
  /** The page has no token, or one of an earlier start. */
  | { readonly code: 'no-access' }
  | {
      readonly code: 'engine-unreachable'
      readonly tried: readonly EngineAttempt[]
      /** The setting that named the engine, which is then the only one tried; undefined when the usual sockets were. */
      readonly chosenBy: 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'docker context use' | 'app' | undefined
    }
  | { readonly code: 'engine-lost'; readonly endpoint: string; readonly reason?: string }
  | { readonly code: 'builder-missing'; readonly engine: string }
  | { readonly code: 'engine-refused'; readonly request: string; readonly status: number; readonly detail: string }
  | { readonly code: 'folder-missing'; readonly path: string }
  | { readonly code: 'path-unreadable'; readonly path: string; readonly detail: string }
  | { readonly code: 'path-unwritable'; readonly path: string; readonly detail: string }
  /** A path of a project that leads to something outside its folder. */
  | { readonly code: 'outside-project'; readonly path: string }
  /** A text of a project that cannot be read as one. */
  | { readonly code: 'file-unsuitable'; readonly path: string; readonly problem: string }
  /** A file that changed while it was sent to the engine. */
  | { readonly code: 'context-changed'; readonly path: string; readonly change: ContextChange }
  /** `path` has the bytes that are no text as `\\xNN`. */
  | { readonly code: 'name-not-utf8'; readonly path: string }
  | { readonly code: 'no-dockerfile'; readonly path: string }
  /** Of what would be built nothing may be; `left` is the first. */
  | { readonly code: 'nothing-to-build'; readonly path: string; readonly left: string; readonly problem: string }
  | {
      readonly code: 'dockerfile-invalid'
      readonly file: string
      readonly line: number | undefined
      readonly problem: string
    }
  | { readonly code: 'no-pair'; readonly file: string; readonly problem: string }
  | { readonly code: 'variant-missing'; readonly id: string; readonly known: readonly string[] }
  | { readonly code: 'not-derivable'; readonly file: string; readonly target: string; readonly problem: string }
  | {
      readonly code: 'base-image-unavailable'
      readonly image: string
      readonly file: string
      readonly line: number
      readonly reason: PullRefusal
      readonly detail: string
    }
  | {
      readonly code: 'build-failed'
      readonly file: string
      readonly line: number | undefined
      readonly instruction: string | undefined
      readonly exitCode: number | undefined
      readonly detail: string
      readonly logTail: readonly string[]
      /** What the step's words point to; undefined when they are not known. */
      readonly cause: BuildCause | undefined
    }
  | { readonly code: 'disk-full'; readonly where: string }
  | { readonly code: 'image-missing'; readonly reference: string }
  | { readonly code: 'scan-failed'; readonly scanner: string; readonly detail: string }
  /** One file of an image. */
  | { readonly code: 'file-unreadable'; readonly path: string; readonly problem: string }
  | { readonly code: 'source-unavailable'; readonly source: string; readonly detail: string }
  /** A comparison that was kept in a file. */
  | { readonly code: 'comparison-invalid'; readonly path: string; readonly problem: string }
  | { readonly code: 'archive-invalid'; readonly problem: string; readonly atByte: number | undefined }

export type PullRefusal = 'registry-unreachable' | 'not-found' | 'denied' | 'rate-limited' | 'other'

/** An engine that could not be used. */
export interface EngineAttempt {
  /** '' for a docker context without a usable address. */
  readonly address: string
  /** Name of its docker context. */
  readonly context: string | undefined
  /** A clause without a full stop, like "connection refused". */
  readonly reason: string
}

/** What happened to a file between two looks at it. */
export type ContextChange = 'vanished' | 'shrank' | 'grew' | 'changed' | 'replaced'
