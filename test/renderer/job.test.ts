import { describe, expect, test } from 'vitest'
import type { Reply } from '../../electron/ipc/contract'
import { createJob, idle, type Job, type JobState, jobAbout, resultOf } from '../../renderer/shared/job'
import { createLatest, createOneAtATime } from '../../renderer/shared/latest'
import { createStore } from '../../renderer/shared/store'
import { cancelled, type Deferred, deferred, fakeHost, ok, refused, settle } from '../support/fake-page'

interface Subject {
  readonly comparisonId: string
}
type State = JobState<string, Subject, readonly string[]>

/** A job that counts the messages of the host, over a host that answers when the test says so. */
function counting() {
  const host = fakeHost({})
  const slot = createStore<{ readonly state: State }>({ state: idle })
  const job: Job<string, Subject, readonly string[]> = createJob(
    host.api,
    { get: () => slot.get().state, set: (state) => slot.set({ state }), subscribe: slot.subscribe },
    {
      first: () => [],
      next: (messages, event) => (event.kind === 'message' ? [...messages, event.text] : messages),
    },
  )
  const start = (comparisonId: string): { readonly id: string; readonly answer: Deferred<string> } => {
    const answer = deferred<string>()
    let started = ''
    void job.start({ comparisonId }, (id) => {
      started = id
      return answer.promise
    })
    return { id: started, answer }
  }
  const say = (jobId: string, text: string): boolean =>
    job.onEvent({ kind: 'job', jobId, progress: { kind: 'message', text } })
  return { host, job, start, say, state: () => job.slot.get() }
}

describe('a job', () => {
  test('runs with its progress, and is done with its value', async () => {
    const { start, say, state } = counting()
    expect(state()).toEqual({ kind: 'idle' })
    const { id, answer } = start('comparison-1')
    expect(say(id, 'one')).toBe(true)
    expect(say(id, 'two')).toBe(true)
    const subject = { comparisonId: 'comparison-1' }
    expect(state()).toEqual({ kind: 'running', id, subject, progress: ['one', 'two'] })
    answer.reply(ok('value'))
    await settle()
    expect(state()).toEqual({ kind: 'done', id, subject, value: 'value' })
    expect(resultOf(state())).toBe('value')
  })

  test('fails with the failure of the host, and keeps how far it came', async () => {
    const { start, say, state } = counting()
    const { id, answer } = start('comparison-1')
    say(id, 'one')
    answer.reply(refused('no'))
    await settle()
    expect(state()).toMatchObject({ kind: 'failed', progress: ['one'], failure: { problem: 'no' } })
    expect(resultOf(state())).toBeUndefined()
  })

  test('is cancelled by the host, once the host says so', async () => {
    const { host, job, start, state } = counting()
    const { id, answer } = start('comparison-1')
    await job.cancel()
    expect(host.asked).toEqual([{ name: 'job.cancel', input: { jobId: id } }])
    expect(state().kind).toBe('running')
    answer.reply(cancelled)
    await settle()
    expect(state().kind).toBe('cancelled')
    await job.cancel()
    expect(host.asked).toHaveLength(1)
  })

  test('ignores the reply and the events of an earlier run', async () => {
    const { start, say, state } = counting()
    const first = start('comparison-1')
    const second = start('comparison-2')
    expect(say(first.id, 'late')).toBe(false)
    first.answer.reply(ok('old'))
    await settle()
    expect(state()).toMatchObject({ kind: 'running', subject: { comparisonId: 'comparison-2' }, progress: [] })
    second.answer.reply(ok('new'))
    await settle()
    expect(resultOf(state())).toBe('new')
    expect(say(second.id, 'after the end')).toBe(false)
    expect(resultOf(state())).toBe('new')
  })

  test('tells the caller of a replaced run nothing, and does not call what depends on its result', async () => {
    const { job, start, state } = counting()
    const answer = deferred<string>()
    const results: string[] = []
    const replaced = job.start(
      { comparisonId: 'comparison-1' },
      () => answer.promise,
      (value) => void results.push(value),
    )
    start('comparison-2')
    answer.reply(ok('old'))
    expect(await replaced).toBeUndefined()
    expect(results).toEqual([])
    job.reset()
    expect(state()).toBe(idle)
  })

  test('prepares what depends on a result before the result is shown', async () => {
    const { job } = counting()
    const seen: string[] = []
    await job.start(
      { comparisonId: 'comparison-1' },
      async () => ok('value'),
      () => void seen.push(job.slot.get().kind),
    )
    expect(seen).toEqual(['running'])
  })

  test('that was forgotten stays so when its reply comes', async () => {
    const { job, start, state } = counting()
    const { answer } = start('comparison-1')
    job.reset()
    answer.reply(ok('late'))
    await settle()
    expect(state()).toBe(idle)
  })

  test('is idle for everything but its subject', () => {
    const { job, state } = counting()
    job.adopt({ comparisonId: 'comparison-1' }, 'saved')
    expect(resultOf(jobAbout(state(), { comparisonId: 'comparison-1' }))).toBe('saved')
    expect(jobAbout(state(), { comparisonId: 'comparison-2' })).toBe(idle)
  })
})

test('of questions of one kind only the newest is answered', async () => {
  const latest = createLatest()
  const [first, second] = [deferred<number>(), deferred<number>()]
  const answers = [latest.ask(first.promise), latest.ask(second.promise)]
  second.reply(ok(2))
  first.reply(ok(1))
  expect(await Promise.all(answers)).toEqual([undefined, ok(2)])
  const third = deferred<number>()
  const forgotten = latest.ask(third.promise)
  latest.forget()
  third.reply(ok(3))
  expect(await forgotten).toBeUndefined()
})

test('one thing is done at a time, and the next after it, even when it failed', async () => {
  const once = createOneAtATime()
  const answer: Deferred<undefined> = deferred()
  let runs = 0
  const work = async (): Promise<void> => {
    runs++
    const reply: Reply<undefined> = await answer.promise
    if (!reply.ok) throw new Error('failed')
  }
  const first = once(work)
  await once(work)
  expect(runs).toBe(1)
  answer.reply(cancelled)
  await expect(first).rejects.toThrow('failed')
  await expect(once(work)).rejects.toThrow('failed')
  expect(runs).toBe(2)
})
