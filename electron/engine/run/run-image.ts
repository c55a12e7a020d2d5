import type { Duplex } from 'node:stream'
import { EngineError } from '../../core/failure'
import { type RunEnd, type RunOutcome, type RunRequest, runLimits } from '../../core/run/run'
import type { EngineClient } from '../docker/client'
import { privateEngineNetwork } from '../setup/private-engine'
import { type RunContainer, withContainer } from './container'
import { readFrames } from './frames'
import { watchMemory } from './memory'
import { startProbe } from './probe'

export interface RunOptions extends RunRequest {
  /** An image with a shell, to look at ports from; undefined where neither image has one. */
  readonly probeImage: string | undefined
  readonly signal: AbortSignal
}

/**
 * Runs an image as it is meant to be run, within limits, and tells what came of it. Nothing stays in the engine, whatever the program
 * does. Throws engine-refused, engine-lost, cancelled.
 */
export async function runImage(client: EngineClient, imageId: string, options: RunOptions): Promise<RunOutcome> {
  const { signal, hasNetwork } = options
  const body = {
    Image: imageId,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { NetworkMode: hasNetwork ? networkMode(client) : 'none' },
    seconds: options.seconds,
  }
  try {
    return await withContainer(client, body, (container) => watchRun(client, container, options))
  } catch (error) {
    throw client.asLost(error, signal)
  }
}

/** What a program writes, up to the limit. */
class Output {
  readonly #parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  readonly bytes = { stdout: 0, stderr: 0 }
  firstMs: number | undefined

  /** Whether there is room for more. */
  take(stream: 'stdout' | 'stderr', bytes: Buffer): boolean {
    this.firstMs ??= performance.now()
    const room = Math.max(0, runLimits.outputBytes - this.bytes[stream])
    if (room > 0) this.#parts[stream].push(bytes.subarray(0, room))
    this.bytes[stream] += bytes.length
    return this.bytes[stream] <= runLimits.outputBytes
  }

  text(stream: 'stdout' | 'stderr'): string {
    return Buffer.concat(this.#parts[stream]).toString('utf8')
  }
}

async function watchRun(client: EngineClient, container: RunContainer, options: RunOptions): Promise<RunOutcome> {
  const { signal, probeImage, port, path, seconds } = options
  const output = new Output()
  const stream = await container.attach()
  const stopped = firstReason()
  const frames = readFrames(stream, (target, bytes) => {
    if (!output.take(target, bytes)) stopped.resolve('output-limit')
  })
  const startMs = performance.now()
  const problem = await container.start().then(() => undefined, startProblem)
  if (problem !== undefined) {
    stream.destroy()
    return outcome({ end: 'not-started', problem, output, startMs, endMs: performance.now() })
  }
  sendInput(stream, options.input)
  const memory = watchMemory(client, container.id)
  const onAnswer = (): void => stopped.resolve('answered')
  const probe =
    probeImage && startProbe(client, { image: probeImage, target: container.id, port, path, seconds, onAnswer })
  const timer = setTimeout(() => stopped.resolve('time-limit'), seconds * 1000)
  const onAbort = (): void => stopped.resolve('exited')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const ended = container.wait().then(() => 'exited' as const)
  const first = await Promise.race([ended, stopped.promise]).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  })
  const endMs = performance.now()
  const peakMemoryBytes = memory.stop()
  const seen = probe ? await probe.stop() : { ports: undefined, answer: undefined }
  if (first !== 'exited' || signal.aborted) await container.kill()
  await ended
  // What was on its way when the program ended still belongs to it.
  if (first === 'exited') await Promise.race([frames, new Promise((resolve) => setTimeout(resolve, 2000))])
  stream.destroy()
  if (signal.aborted) throw new EngineError({ code: 'cancelled' })
  const state = await container.inspect()
  const end = first === 'exited' && state.isOutOfMemory ? 'memory-limit' : first
  const exitCode = end === 'exited' ? state.exitCode : undefined
  return { ...outcome({ end, exitCode, output, startMs, endMs }), peakMemoryBytes, ...seen }
}

/** The first reason to end a run before the program does. */
function firstReason(): { readonly promise: Promise<RunEnd>; readonly resolve: (end: RunEnd) => void } {
  let resolve: (end: RunEnd) => void = () => undefined
  const promise = new Promise<RunEnd>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** The program may end, or close its input, before it has read all. */
function sendInput(stream: Duplex, input: string): void {
  stream.on('error', () => undefined)
  stream.end(input)
}

/** The engine's own words, when it refused the program; other failures are failures of the engine. */
function startProblem(error: unknown): string {
  if (error instanceof EngineError && error.failure.code === 'engine-refused') return error.failure.detail
  throw error
}

interface Ended {
  readonly end: RunEnd
  readonly exitCode?: number | undefined
  readonly problem?: string
  readonly output: Output
  readonly startMs: number
  readonly endMs: number
}

function outcome({ end, exitCode, problem, output, startMs, endMs }: Ended): RunOutcome {
  return {
    end,
    exitCode,
    problem,
    stdout: output.text('stdout'),
    stderr: output.text('stderr'),
    stdoutBytes: output.bytes.stdout,
    stderrBytes: output.bytes.stderr,
    firstOutputMs: output.firstMs === undefined ? undefined : Math.max(0, output.firstMs - startMs),
    durationMs: endMs - startMs,
    peakMemoryBytes: undefined,
    ports: undefined,
    answer: undefined,
  }
}

/** Cutaway's own engine has no bridge. Its daemon's network is used where that is not the machine's; otherwise the run has none. */
const networkMode = (client: EngineClient): string =>
  client.endpoint.isPrivate && privateEngineNetwork()?.kind === 'own' ? 'host' : 'default'
