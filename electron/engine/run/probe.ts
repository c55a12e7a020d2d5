import { answerMark, listeningPorts, readHttpAnswer } from '../../core/run/probe-text'
import type { HttpAnswer } from '../../core/run/run'
import type { EngineClient } from '../docker/client'
import { withContainer } from './container'
import { readFrames } from './frames'

export interface ProbeOptions {
  /** An image with a shell, whose programs look into the other container's network. */
  readonly image: string
  /** The container that is looked at. */
  readonly target: string
  readonly port: number | undefined
  readonly path: string
  /** How long the other container may run. */
  readonly seconds: number
  readonly onAnswer: () => void
}

export interface ProbeFindings {
  readonly ports: readonly number[] | undefined
  readonly answer: HttpAnswer | undefined
}

export interface Probe {
  stop(): Promise<ProbeFindings>
}

const longestTextBytes = 1 << 20
const looksPerSecond = 5

/**
 * Lists the listeners five times a second; once there is one at $1, sends it a GET for $2 by whatever the image has. HTTP/1.0, so that no
 * answer is in chunks. The list that is printed is the one that is searched: a server that starts between two looks has answered, and its
 * port must not be missing.
 */
export const probeScript = `
seen=
left=$3
while [ "$left" -gt 0 ]; do
  left=$((left - 1))
  listed="$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)"
  echo "$listed"
  if [ -n "$1" ] && [ -z "$seen" ] && echo "$listed" | grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf '%04X' "$1") [0-9A-F:]* 0A "; then
    seen=1
    echo '${answerMark}'
    request="GET $2 HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n"
    if command -v bash >/dev/null 2>&1; then
      bash -c 'exec 3<>/dev/tcp/127.0.0.1/$0 && printf "$1" >&3 && head -c 100000 <&3' "$1" "$request"
    elif command -v nc >/dev/null 2>&1; then
      printf "$request" | nc 127.0.0.1 "$1" | head -c 100000
    fi
    echo
    echo '${answerMark}'
  fi
  sleep ${1 / looksPerSecond}
done`

/** Looks from a second container that shares the network of the first: nothing is opened to the outside, on any engine. */
export function startProbe(client: EngineClient, options: ProbeOptions): Probe {
  const { image, target, port, path, seconds } = options
  // Ends by itself some time after the other one had to, in case nobody ends it.
  const looks = String(Math.ceil((seconds + 30) * looksPerSecond))
  const body = {
    Image: image,
    Entrypoint: ['sh', '-c', probeScript, 'probe', port === undefined ? '' : String(port), path, looks],
    Cmd: [],
    User: '0',
    WorkingDir: '/',
    AttachStdout: true,
    HostConfig: { NetworkMode: `container:${target}`, Memory: 64 << 20, MemorySwap: 64 << 20, PidsLimit: 32 },
    seconds,
  }
  let text = ''
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const done = withContainer(client, body, async (container) => {
    const stream = await container.attach()
    void readFrames(stream, (_, bytes) => {
      if (text.length < longestTextBytes) text += bytes.toString('latin1')
      if (text.split(answerMark, 3).length === 3) options.onAnswer()
    })
    await container.start()
    await ended
    await container.kill()
    stream.destroy()
  }).then(
    () => true,
    () => false, // the target ended first, or the image has no shell: nothing was seen
  )
  return {
    stop: async () => {
      end()
      const hasLooked = await done
      const [listed, answer] = text.split(answerMark, 2)
      const body = answer === undefined ? undefined : Buffer.from(answer.trim(), 'latin1').toString('utf8')
      return {
        ports: hasLooked && listed?.trim() !== '' ? listeningPorts(text) : undefined,
        answer: body === undefined ? undefined : readHttpAnswer(body),
      }
    },
  }
}
