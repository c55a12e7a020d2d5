import { expect, test } from 'vitest'
import { Jobs } from '../../../electron/ipc/jobs'
import { Sessions } from '../../../electron/ipc/sessions'

test('ending all jobs waits for what they do after a cancel, and lets no other start', async () => {
  const jobs = new Jobs(() => undefined)
  const done: string[] = []
  let finishCleanup: () => void = () => undefined
  const job = jobs.run('a', async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    done.push('cancelled')
    await new Promise<void>((resolve) => {
      finishCleanup = resolve
    })
    done.push('cleaned up')
    throw new Error('of a cancelled job')
  })
  const ended = jobs.endAll().then(() => done.push('ended'))
  await expect(jobs.run('b', async () => 1)).rejects.toMatchObject({ failure: { code: 'cancelled' } })
  await expect.poll(() => done).toEqual(['cancelled'])
  finishCleanup()
  await expect(job).rejects.toThrow('of a cancelled job')
  await ended
  expect(done).toEqual(['cancelled', 'cleaned up', 'ended'])
})

test('a session that is pushed out is told so', () => {
  const dropped: object[] = []
  const sessions = new Sessions<{ at: number }>('build', (session) => dropped.push(session))
  for (let at = 0; at < 6; at++) sessions.keep(`build-${at}`, { at })
  expect(dropped).toEqual([{ at: 0 }, { at: 1 }])
  expect(sessions.all()).toHaveLength(4)
})
