/** How both images are run. */
export interface RunRequest {
  /** What the program reads from its standard input, then the end of it. */
  readonly input: string
  /** Ends the run, whatever the program does. */
  readonly seconds: number
  /** A TCP port of the container that is asked over HTTP once somebody listens; undefined asks nothing. */
  readonly port: number | undefined
  /** The path of that request. */
  readonly path: string
  /** Otherwise the container has no network but its own loopback. */
  readonly hasNetwork: boolean
}

/** What no run may take more of; what is beyond them is the engine's to refuse or ours to end. */
export const runLimits = {
  outputBytes: 1 << 20,
  memoryBytes: 512 << 20,
  processes: 256,
  longestSeconds: 300,
} as const

/** Why a run is over. `answered`: the HTTP request had its answer, so the server was ended. */
export type RunEnd = 'exited' | 'time-limit' | 'output-limit' | 'memory-limit' | 'answered' | 'not-started'

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  /** The beginning of it. */
  readonly body: string
}

export interface RunOutcome {
  readonly end: RunEnd
  /** Undefined when the program did not end by itself. */
  readonly exitCode: number | undefined
  /** What the engine says when it could not start the program. */
  readonly problem: string | undefined
  /** The beginning, up to the limit; invalid UTF-8 replaced. */
  readonly stdout: string
  readonly stderr: string
  readonly stdoutBytes: number
  readonly stderrBytes: number
  /** From the start to the first output, and to the end; the engine's part is in both. */
  readonly firstOutputMs: number | undefined
  readonly durationMs: number
  /** The highest that was seen; undefined when the program ended before it could be looked at. */
  readonly peakMemoryBytes: number | undefined
  /** TCP ports with a listener; undefined when it could not be looked at. */
  readonly ports: readonly number[] | undefined
  /** Undefined when nothing was asked, or no answer came. */
  readonly answer: HttpAnswer | undefined
}

/** What differs between two runs that were the same in everything but the image. */
export type RunDifference =
  | { readonly kind: 'end'; readonly before: RunEnd; readonly after: RunEnd }
  | { readonly kind: 'exit-code'; readonly before: number | undefined; readonly after: number | undefined }
  | { readonly kind: 'output' }
  | { readonly kind: 'ports'; readonly before: readonly number[]; readonly after: readonly number[] }
  | { readonly kind: 'answer' }

/** Both images run the same way, and what differs. */
export interface RunComparison {
  readonly request: RunRequest
  readonly before: RunOutcome
  readonly after: RunOutcome
  readonly differences: readonly RunDifference[]
  /** Of the standard outputs, as `diff -u` writes it; empty when they are the same. */
  readonly diff: readonly string[]
}

/** Standard error is shown, and not compared: programs write times and paths into it. */
export function compareRuns(before: RunOutcome, after: RunOutcome): RunDifference[] {
  const found: RunDifference[] = []
  if (before.end !== after.end) found.push({ kind: 'end', before: before.end, after: after.end })
  if (before.exitCode !== after.exitCode && before.end === after.end)
    found.push({ kind: 'exit-code', before: before.exitCode, after: after.exitCode })
  // Of a program that was cut off only the common part can be held to be equal.
  if (!isSameText(before, after)) found.push({ kind: 'output' })
  if (before.ports && after.ports && String(before.ports) !== String(after.ports))
    found.push({ kind: 'ports', before: before.ports, after: after.ports })
  if (JSON.stringify(before.answer) !== JSON.stringify(after.answer)) found.push({ kind: 'answer' })
  return found
}

function isSameText(before: RunOutcome, after: RunOutcome): boolean {
  const isCut = (run: RunOutcome): boolean => run.end !== 'exited'
  if (!isCut(before) || !isCut(after)) return before.stdout === after.stdout
  const length = Math.min(before.stdout.length, after.stdout.length)
  return before.stdout.slice(0, length) === after.stdout.slice(0, length)
}

/** The outcome in one sentence. */
export function runVerdict(before: RunOutcome, after: RunOutcome): string {
  const differences = compareRuns(before, after)
  const isBad = (run: RunOutcome): boolean =>
    run.end === 'not-started' || run.end === 'memory-limit' || (run.end === 'exited' && run.exitCode !== 0)
  if (isBad(after) && !isBad(before)) return `Before runs, after does not: ${describeEnd(after)}.`
  if (isBad(before) && !isBad(after)) return `After runs, before does not: ${describeEnd(before)}.`
  if (differences.length === 0)
    return isBad(after)
      ? `Neither runs: both ${describeEnd(after)}.`
      : `Both did the same: ${describeEnd(after)}${after.answer ? `, HTTP ${after.answer.status}` : ''}.`
  return `They differ in ${differences.map(({ kind }) => differenceLabel[kind]).join(' and ')}.`
}

export const differenceLabel: Readonly<Record<RunDifference['kind'], string>> = {
  end: 'how they ended',
  'exit-code': 'their exit codes',
  output: 'what they printed',
  ports: 'the ports they listen on',
  answer: 'the answer over HTTP',
}

export function describeEnd({ end, exitCode, problem, durationMs }: RunOutcome): string {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`
  switch (end) {
    case 'exited':
      return `ended with exit code ${exitCode} after ${seconds}`
    case 'answered':
      return `answered after ${seconds}, and was ended then`
    case 'time-limit':
      return `still ran after ${seconds}, and was ended`
    case 'output-limit':
      return `printed more than ${runLimits.outputBytes >> 20} MiB within ${seconds}, and was ended`
    case 'memory-limit':
      return `needed more than ${runLimits.memoryBytes >> 20} MiB of memory`
    case 'not-started':
      return `could not be started (${problem ?? 'the engine does not say why'})`
  }
}
