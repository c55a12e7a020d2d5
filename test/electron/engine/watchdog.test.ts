import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EngineClient } from '../../../electron/engine/docker/client'
import { setWatchdogScript, watchOver } from '../../../electron/engine/life/watchdog'
import { makeFolder } from '../../support/folder'

test('a watchdog that is being ended for want of work is not taken for the next work', async () => {
  const note =
    "require('node:fs').appendFileSync(__dirname + '/pids', process.pid + ' ')\nsetTimeout(() => {}, 60000)\n"
  const folder = makeFolder({ 'watchdog.cjs': note })
  const pids = (): string[] =>
    existsSync(join(folder, 'pids')) ? readFileSync(join(folder, 'pids'), 'utf8').trim().split(' ') : []
  onTestFinished(() => {
    vi.useRealTimers()
    for (const pid of pids().slice(1)) process.kill(Number(pid), 'SIGKILL')
  })
  setWatchdogScript(pathToFileURL(join(folder, 'watchdog.cjs')))
  const address = 'unix:///nowhere.sock'
  const client = new EngineClient({ address, origin: 'usual socket', certificates: undefined, isPrivate: false })
  const stopWatching = watchOver(client)
  await expect.poll(() => pids().length).toBe(1)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  stopWatching()
  vi.advanceTimersByTime(10_000)
  watchOver(client)
  vi.useRealTimers()
  await expect.poll(() => pids().length, { timeout: 5000 }).toBe(2)
})
