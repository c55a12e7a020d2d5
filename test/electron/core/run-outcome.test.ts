import { describe, expect, test } from 'vitest'
import { listeningPorts, readHttpAnswer } from '../../../electron/core/run/probe-text'
import { compareRuns, describeEnd, type RunOutcome, runVerdict } from '../../../electron/core/run/run'

const outcome = (more: Partial<RunOutcome> = {}): RunOutcome => ({
  end: 'exited',
  exitCode: 0,
  problem: undefined,
  stdout: 'ok\n',
  stderr: '',
  stdoutBytes: 3,
  stderrBytes: 0,
  firstOutputMs: 10,
  durationMs: 1250,
  peakMemoryBytes: undefined,
  ports: undefined,
  answer: undefined,
  ...more,
})

const failed = outcome({ exitCode: 3 })
const running = outcome({ end: 'time-limit', exitCode: undefined, stdout: 'tick\n' })
const missing = outcome({ end: 'not-started', exitCode: undefined, stdout: '', problem: 'no such file' })
const hungry = outcome({ end: 'memory-limit', exitCode: undefined })
const answered = (status: number): RunOutcome =>
  outcome({ end: 'answered', exitCode: undefined, answer: { status, contentType: 'text/plain', body: 'hi' } })

describe('what differs between two runs', () => {
  test.each<[string, RunOutcome, RunOutcome, ReturnType<typeof compareRuns>]>([
    ['nothing', outcome(), outcome(), []],
    ['times and standard error, which are not compared', outcome(), outcome({ durationMs: 9, stderr: 'x' }), []],
    ['exit codes', outcome(), failed, [{ kind: 'exit-code', before: 0, after: 3 }]],
    [
      'how they ended, and not the exit code that one of them lacks',
      outcome({ stdout: 'tick\n' }),
      running,
      [{ kind: 'end', before: 'exited', after: 'time-limit' }],
    ],
    ['what they printed', outcome(), outcome({ stdout: 'no\n' }), [{ kind: 'output' }]],
    ['output that goes on, of a program that ended', outcome(), outcome({ stdout: 'ok\nmore' }), [{ kind: 'output' }]],
    ['output that goes on, of programs that were cut off', running, { ...running, stdout: 'tick\ntick\n' }, []],
    ['other output, of programs that were cut off', running, { ...running, stdout: 'tock\n' }, [{ kind: 'output' }]],
    [
      'output that goes on, where one was cut off',
      outcome({ stdout: 'tick\ntick\n' }),
      running,
      [{ kind: 'end', before: 'exited', after: 'time-limit' }, { kind: 'output' }],
    ],
    [
      'ports',
      outcome({ ports: [80] }),
      outcome({ ports: [80, 443] }),
      [{ kind: 'ports', before: [80], after: [80, 443] }],
    ],
    ['the same ports', outcome({ ports: [80] }), outcome({ ports: [80] }), []],
    ['ports that could not be looked at before', outcome(), outcome({ ports: [80] }), []],
    ['ports that could not be looked at after', outcome({ ports: [80] }), outcome(), []],
    ['the same answer', answered(200), answered(200), []],
    ['the answer', answered(200), answered(500), [{ kind: 'answer' }]],
  ])('%s', (_, before, after, expected) => {
    expect(compareRuns(before, after)).toEqual(expected)
  })
})

test('the verdict says which side runs, as a user reads it', async () => {
  const pairs: readonly (readonly [RunOutcome, RunOutcome])[] = [
    [outcome(), outcome()],
    [running, running],
    [answered(200), answered(200)],
    [outcome(), failed],
    [outcome(), missing],
    [outcome(), hungry],
    [failed, outcome()],
    [missing, answered(204)],
    [hungry, running],
    [failed, failed],
    [missing, missing],
    [failed, missing],
    [outcome(), outcome({ stdout: 'no\n' })],
    [outcome(), running],
    [answered(200), answered(500)],
    [outcome({ ports: [80] }), outcome({ ports: [81], stdout: '' })],
  ]
  const lines = pairs.map(([before, after]) => runVerdict(before, after))
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../corpus/sentences/run-verdicts.txt')
})

test('every end of a run is a clause', async () => {
  const ends = [
    outcome(),
    answered(200),
    running,
    outcome({ end: 'output-limit' }),
    hungry,
    missing,
    { ...missing, problem: undefined },
  ]
  await expect(`${ends.map(describeEnd).join('\n')}\n`).toMatchFileSnapshot('../../corpus/sentences/run-ends.txt')
})

test('ports are those that are listened on, each once, lowest first', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue',
    '   0: 00000000:1F90 00000000:0000 0A 00000000:00000000',
    '   1: 0100007F:0050 00000000:0000 0A 00000000:00000000',
    '   2: 0100007F:1F90 0100007F:A000 01 00000000:00000000',
    '   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000',
  ].join('\n')
  expect(listeningPorts(text)).toEqual([80, 8080])
  expect(listeningPorts('')).toEqual([])
})

test.each([
  [
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nA: b\r\n\r\n<p>\r\n\r\nx',
    { status: 200, contentType: 'text/html', body: '<p>\r\n\r\nx' },
  ],
  ['HTTP/1.0 404 Not Found\nA: b\n\n', { status: 404, contentType: '', body: '' }],
  ['SSH-2.0-OpenSSH\r\n', undefined],
  ['', undefined],
])('an answer over HTTP: %j', (text, expected) => {
  expect(readHttpAnswer(text)).toEqual(expected)
})

test('of a long answer the first 64 KiB are kept', () => {
  expect(readHttpAnswer(`HTTP/1.1 200 OK\nA: b\n\n${'x'.repeat(70_000)}`)?.body).toHaveLength(65_536)
})
