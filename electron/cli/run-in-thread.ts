import { Worker } from 'node:worker_threads'
import { EngineError, type Failure } from '../core/failure'
import { type CommandCall, type CommandResult, UsageError } from './command'

/** A call in a form that can be sent to a thread. */
export interface PlainCall extends Pick<CommandCall, 'arguments' | 'flags' | 'resources' | 'reportPage'> {
  readonly name: string
  /** An address, see CommandCall. */
  readonly worker: string
}

/** What the thread of a command sends; the last one is anything but a line. */
export type ThreadReply =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'result'; readonly result: CommandResult }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'usage'; readonly message: string }

/** Runs a command in a thread of its own; a message to it cancels the command. Throws what the command throws. */
export function runInThread(
  script: URL,
  call: PlainCall,
  { print, onStart }: { readonly print: (line: string) => void; readonly onStart: (cancel: () => void) => () => void },
): Promise<CommandResult> {
  const thread = new Worker(script, { workerData: call })
  const onEnd = onStart(() => thread.postMessage('cancel'))
  const answer = new Promise<CommandResult>((resolve, reject) => {
    thread.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'line') print(reply.line)
      else if (reply.kind === 'result') resolve(reply.result)
      else if (reply.kind === 'failure') reject(new EngineError(reply.failure))
      else reject(new UsageError(reply.message))
    })
    thread.on('error', reject)
    thread.on('exit', () => reject(new Error('the command’s thread ended without an answer')))
  })
  // A process cannot exit while one of its threads waits for a file, so signals count until the thread has ended.
  return answer.finally(() => thread.terminate()).finally(onEnd)
}
