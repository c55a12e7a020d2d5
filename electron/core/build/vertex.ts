/** BuildKit's unit of progress, its reports merged. Times are milliseconds since 1970. */
export interface Vertex {
  readonly digest: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly cached: boolean
  readonly error: string
  readonly startedMs: number | undefined
  readonly completedMs: number | undefined
  /** Intervals that are over, in milliseconds. */
  readonly elapsedMs: number
}
