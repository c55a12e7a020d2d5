import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareRuns, type RunOutcome, type RunRequest, runLimits, runVerdict } from '../../electron/core/run/run'
import { readImages } from '../../electron/engine/images/read-images'
import { runBoth } from '../../electron/engine/run/run-both'
import { runImage } from '../../electron/engine/run/run-image'
import {
  buildFolder,
  buildText,
  copyExample,
  engineOrSkip,
  isProcessRunning,
  removeImages,
  uniqueSeconds,
  watchContainers,
} from '../support/engine'

const engine = await engineOrSkip()
const ask: RunRequest = { input: '', seconds: 120, port: undefined, path: '/', hasNetwork: false }
const { signal } = new AbortController()

describe.skipIf(!engine)('a program that does not behave ends within its limits and leaves nothing', () => {
  const { client } = engine ?? ({} as never)
  const images: string[] = []
  let containers: Awaited<ReturnType<typeof watchContainers>>
  /** An image of Debian whose program is this line of shell. */
  const program = async (line: string): Promise<string> => {
    const text = `FROM debian:bookworm-slim\nRUN printf '%s' ${JSON.stringify(line).replaceAll('$', '\\$').replaceAll('`', '\\`')} > /program\nENTRYPOINT ["sh", "/program"]\n`
    const { imageId } = await buildText(client, text)
    images.push(imageId)
    return imageId
  }
  const run = async (line: string, request: Partial<RunRequest> = {}): Promise<RunOutcome> => {
    const imageId = await program(line)
    return runImage(client, imageId, { ...ask, ...request, probeImage: imageId, signal })
  }
  beforeEach(async () => {
    containers = await watchContainers(client)
  })
  afterEach(() => containers.expectNoneLeft())
  afterAll(async () => {
    for (const image of images) await client.removeImage(image)
  })

  test('one that ends: exit code, both streams apart, input and its end', async () => {
    const outcome = await run('cat; echo err >&2; exit 3', { input: 'hello\n' })
    expect(outcome).toMatchObject({ end: 'exited', exitCode: 3, stdout: 'hello\n', stderr: 'err\n', stdoutBytes: 6 })
    expect(outcome.firstOutputMs).toBeGreaterThan(0)
    expect(outcome.firstOutputMs).toBeLessThanOrEqual(outcome.durationMs)
  })
  test('an endless printer', async () => {
    const word = `forever-${uniqueSeconds()}`
    const outcome = await run(`yes ${word}`, { seconds: runLimits.longestSeconds })
    // Ended by what it printed, long before its time was over.
    expect(outcome.end).toBe('output-limit')
    expect(outcome.stdout.length).toBe(runLimits.outputBytes)
    expect(outcome.durationMs).toBeLessThan(runLimits.longestSeconds * 1000)
    await expect.poll(() => isProcessRunning(word)).toBe(false)
  })
  test('a sleeper', async () => {
    const sleeper = `sleep ${uniqueSeconds()}`
    // Long enough for the probe to have looked once, on a loaded machine too.
    const outcome = await run(sleeper, { seconds: 10 })
    expect(outcome).toMatchObject({ end: 'time-limit', exitCode: undefined, ports: [] })
    expect(outcome.durationMs).toBeGreaterThanOrEqual(10_000 - 10)
    expect(outcome.peakMemoryBytes).toBeGreaterThan(10_000)
    await expect.poll(() => isProcessRunning(sleeper)).toBe(false)
  })
  test('one that ignores SIGTERM and SIGINT', async () => {
    const sleeper = `sleep ${uniqueSeconds()}`
    const outcome = await run(`trap '' TERM INT HUP; while :; do ${sleeper}; done`, { seconds: 1 })
    expect(outcome.end).toBe('time-limit')
    await expect.poll(() => isProcessRunning(sleeper)).toBe(false)
  })
  test('a memory hog', async () => {
    const outcome = await run('exec perl -e \'my $x = "x" x (900 << 20); sleep 600\'', { seconds: 120 })
    expect(outcome.end).toBe('memory-limit')
  })
  test('a fork bomb', async () => {
    const sleeper = `sleep ${uniqueSeconds()}`
    const outcome = await run(`bomb() { bomb | bomb & ${sleeper}; }; bomb; bomb; ${sleeper}`, { seconds: 3 })
    expect(['time-limit', 'exited', 'output-limit', 'memory-limit']).toContain(outcome.end)
    await expect.poll(() => isProcessRunning(sleeper)).toBe(false)
  })
  test('one that is not there is told in the engine’s words', async () => {
    const { imageId } = await buildText(client, 'FROM debian:bookworm-slim\nENTRYPOINT ["/no/such"]\n')
    images.push(imageId)
    const outcome = await runImage(client, imageId, { ...ask, probeImage: undefined, signal })
    expect(outcome).toMatchObject({ end: 'not-started', exitCode: undefined })
    expect(outcome.problem).toMatch(/no such file/)
  })
  test('a cancel ends it at once', async () => {
    const sleeper = `sleep ${uniqueSeconds()}`
    const imageId = await program(sleeper)
    const controller = new AbortController()
    const request = { ...ask, seconds: runLimits.longestSeconds, probeImage: imageId, signal: controller.signal }
    const startedMs = performance.now()
    const run = expect(runImage(client, imageId, request)).rejects.toMatchObject({ failure: { code: 'cancelled' } })
    await expect.poll(() => isProcessRunning(sleeper)).toBe(true)
    controller.abort()
    await run
    // Ended by the cancel, long before its time was over.
    expect(performance.now() - startedMs).toBeLessThan(runLimits.longestSeconds * 1000)
    await expect.poll(() => isProcessRunning(sleeper)).toBe(false)
  })
  test('it has the capabilities that programs start with, and not those of the engine’s default that they rarely need', async () => {
    const outcome = await run(
      'grep -E "^(CapBnd|CapEff|NoNewPrivs)" /proc/self/status; cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null; chown 1:1 /tmp && chroot / true || echo refused',
    )
    const [, set = ''] = /CapBnd:\s+(\w+)/.exec(outcome.stdout) ?? []
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, NET_BIND_SERVICE are the bits 0, 1, 3 to 7 and 10.
    expect(Number.parseInt(set, 16)).toBe(0b100_1111_1011)
    expect(outcome.stdout).toMatch(/refused/)
  })
  test('there is no network, and what is asked of loopback is answered', async () => {
    const outcome = await run('cat /proc/net/dev | grep -c : ; ls /sys/class/net')
    expect(outcome.stdout).toMatch(/^1\nlo\n$/)
  })
})

describe.skipIf(!engine)('servers', () => {
  const { client } = engine ?? ({} as never)
  const server = (reply: string): string => `FROM python:3.11-slim-bookworm
RUN echo "import http.server as h\\nclass H(h.BaseHTTPRequestHandler):\\n def do_GET(s):\\n  s.send_response(200); s.send_header('Content-Type', 'text/plain'); s.end_headers(); s.wfile.write(b'${reply} ' + s.path.encode())\\n def log_message(*a): pass\\nh.HTTPServer(('', 8080), H).serve_forever()" > /server.py
CMD ["python3", "-u", "/server.py"]
`
  test('ports and the answer to a GET are compared, without any network', async () => {
    const ids = [await buildText(client, server('hello')), await buildText(client, server('good bye'))].map(
      ({ imageId }) => imageId,
    )
    const [before, after] = await readImages(client, ids, { signal })
    const request = { ...ask, seconds: 200, port: 8080, path: '/a?b=c' }
    const same = await runBoth(client, { before: before!, after: before! }, request, signal)
    expect(same.before).toMatchObject({
      end: 'answered',
      ports: [8080],
      answer: { status: 200, contentType: 'text/plain', body: 'hello /a?b=c' },
    })
    expect(same.before.durationMs).toBeLessThan(request.seconds * 1000)
    expect(same.differences).toEqual([])
    const other = await runBoth(client, { before: before!, after: after! }, request, signal)
    expect(other.differences).toEqual([{ kind: 'answer' }])
    for (const id of ids) await client.removeImage(id)
  })
})

describe.skipIf(!engine)('the examples do the same before and after', () => {
  const { client } = engine ?? ({} as never)
  test.each(['calculator-go', 'calculator-c', 'calculator-python', 'calculator-node'])('%s', async (name) => {
    const { folder, remove } = copyExample(name)
    const { variants } = await buildFolder(client, folder)
    const ids = variants.map((each) => (each.ok ? each.imageId : ''))
    const [before, after] = await readImages(client, ids, { signal })
    const input = '2 3 + 4 *\n1 2\n'
    const both = await runBoth(client, { before: before!, after: after! }, { ...ask, input }, signal)
    expect(both.before.stdout.length).toBeGreaterThan(0)
    expect(compareRuns(both.before, both.after)).toEqual([])
    expect(runVerdict(both.before, both.after)).toMatch(/^Both did the same: ended with exit code 0/)
    await removeImages(client, folder)
    remove()
  })
})
