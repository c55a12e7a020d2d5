import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { EngineClient } from '../../electron/engine/docker/client'
import { isLeaseTag } from '../../electron/engine/life/image-lease'
import { ownerLabel, thisOwner } from '../../electron/engine/life/owner'
import { removeContainer, sweepEngine } from '../../electron/engine/life/sweep'
import { cutaway } from '../support/cli'
import { buildText, engineOrSkip, isProcessRunning, listImages, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'
import { type Started, startHost, startProgram, type WebHost } from '../support/host'

const engine = await engineOrSkip()
const patience = { timeout: 30_000, interval: 100 }

/** The process of an owner that has ended. */
const goneOwner = (): string => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  return thisOwner().replace(/^([^.]+\.[^.]+)\.\d+/, `$1.${pid}`)
}

/** Containers with an owner, running or not. */
async function ownedContainers(client: EngineClient): Promise<string[]> {
  const query = { all: 'true', filters: JSON.stringify({ label: [ownerLabel] }) }
  const listed = await client.json<{ Id: string }[]>({ method: 'GET', path: '/containers/json', query })
  return listed.map(({ Id }) => Id)
}

const leased = async (client: EngineClient): Promise<string[]> =>
  (await listImages(client)).flatMap(({ tags }) => tags).filter(isLeaseTag)

/** Ends a program that a failed test has left. */
function endAfterTest<T extends Started>(started: T): T {
  onTestFinished(() => void started.child.kill('SIGKILL'))
  return started
}

describe.skipIf(!engine)('nothing stays in the engine', () => {
  const { client } = engine ?? ({} as never)
  let before: readonly string[] = []
  /** A project whose images run for ten minutes and that has a name of its own. */
  const sleeper = (line = 'RUN true', program = 'sleep 600'): string => {
    const folder = makeFolder({
      Dockerfile: `FROM debian:bookworm AS build\n${line}\nFROM debian:bookworm\nCOPY --from=build /etc/hostname /copied\nCMD ${JSON.stringify(program.split(' '))}\n`,
    })
    onTestFinished(() => removeImages(client, folder))
    return folder
  }
  const isClean = async (): Promise<boolean> => {
    const containers = await ownedContainers(client)
    return containers.every((id) => before.includes(id)) && (await leased(client)).length === 0
  }
  const hasContainers = (): Promise<number> => ownedContainers(client).then(({ length }) => length - before.length)
  beforeAll(async () => {
    await sweepEngine(client)
    before = await ownedContainers(client)
  })

  test.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)('after %s to a command that runs images', async (signal) => {
    const { child, ended } = endAfterTest(
      startProgram(process.execPath, ['out/main/cli.js', 'compare', sleeper(), '--run', '--seconds', '300']),
    )
    await expect.poll(hasContainers, patience).toBeGreaterThanOrEqual(2)
    child.kill(signal)
    expect(await ended).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null])
    await expect.poll(isClean, patience).toBe(true)
  })

  test('after SIGKILL to a command that builds', async () => {
    const folder = sleeper('RUN sleep 4327')
    const args = ['out/main/cli.js', 'compare', folder, '--before', 'traditional:Dockerfile', '--after', 'Dockerfile']
    const { child, ended } = endAfterTest(startProgram(process.execPath, args))
    await expect.poll(() => isProcessRunning('sleep 4327'), patience).toBe(true)
    child.kill('SIGKILL')
    await ended
    await expect.poll(() => isProcessRunning('sleep 4327'), patience).toBe(false)
    await expect.poll(isClean, patience).toBe(true)
  })

  test.each([
    ['SIGTERM', 'npm', 'run', 'cutaway', '--'],
    ['SIGKILL', 'npm', 'run', 'cutaway', '--'],
    ['SIGKILL', process.execPath, 'scripts/cutaway.mjs'],
  ] as const)('after %s to %s, and no process of it goes on', async (signal, program, ...args) => {
    const folder = sleeper('RUN sleep 4328')
    const { child, ended } = endAfterTest(startProgram(program, [...args, 'compare', folder]))
    await expect.poll(() => isProcessRunning('sleep 4328'), patience).toBe(true)
    child.kill(signal)
    await ended
    await expect.poll(() => isProcessRunning(folder) || isProcessRunning('sleep 4328'), patience).toBe(false)
    await expect.poll(isClean, patience).toBe(true)
  })

  test('past its deadline, of a command that has stopped working', async () => {
    const args = ['out/main/cli.js', 'compare', sleeper('RUN true', 'sleep 4329'), '--run', '--seconds', '1']
    const { child } = endAfterTest(startProgram(process.execPath, args))
    await expect.poll(() => isProcessRunning('sleep 4329'), { timeout: 30_000, interval: 20 }).toBe(true)
    child.kill('SIGSTOP')
    await expect.poll(hasContainers, { timeout: 60_000, interval: 500 }).toBe(0)
    expect(isProcessRunning('sleep 4329')).toBe(false)
  })

  test('after SIGTERM to the web host while it runs images, and it ends in peace', async () => {
    const host = endAfterTest(await startHost())
    const both = [{ id: 'traditional:Dockerfile' }, { id: 'Dockerfile' }] as const
    const comparisonId = await compareIn(host, sleeper(), ...both)
    const request = { input: '', seconds: 300, path: '/', hasNetwork: false }
    const run = host.ask('comparison.run', { jobId: 'run', comparisonId, request }).catch(() => 'ended')
    await expect.poll(hasContainers, patience).toBeGreaterThanOrEqual(2)
    host.child.kill('SIGTERM')
    expect(await host.ended).toEqual([0, null])
    expect(await isClean()).toBe(true)
    await run
  })

  test('an image that a session shows stays until that session ends, whoever builds the project again', async () => {
    const text = (word: string): string =>
      `FROM debian:bookworm AS build\nRUN echo ${word} > /word\nFROM scratch\nCOPY --from=build /word /word\n`
    const folder = makeFolder({ Dockerfile: text('one') })
    onTestFinished(() => removeImages(client, folder))
    const host = endAfterTest(await startHost())
    const edited = { id: 'Dockerfile', text: text('two') }
    const comparisonId = await compareIn(host, folder, { id: 'Dockerfile' }, edited)
    const shown = (await listImages(client)).filter(({ tags }) => tags.some(isLeaseTag)).map(({ id }) => id)
    expect(shown).toHaveLength(2)
    writeFileSync(join(folder, 'Dockerfile'), text('three'))
    expect((await cutaway(['compare', folder])).code).toBe(0)
    expect(await readFileOf(host, comparisonId, '/word')).toBe('two\n')
    host.child.kill('SIGTERM')
    await host.ended
    const left = (await listImages(client)).map(({ id }) => id)
    expect(shown.filter((id) => left.includes(id))).toEqual([])
    expect(await isClean()).toBe(true)
  })
})

describe.skipIf(!engine)('the sweep of a start', () => {
  const { client } = engine ?? ({} as never)

  test('removes what an owner left that is gone, and touches nothing of a living or a foreign one', async () => {
    const { imageId } = await buildText(client, 'FROM debian:bookworm\nRUN echo swept > /swept\n')
    const owners = [goneOwner(), thisOwner(), thisOwner().replace(/^[^.]+/, '000000000000')]
    const made: string[] = []
    for (const owner of owners) {
      const body = { Image: imageId, Cmd: ['sleep', '600'], Labels: { [ownerLabel]: owner } }
      made.push((await client.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })).Id)
      await client.tagImage(imageId, `cutaway/session:${owner}.00000000`)
    }
    onTestFinished(async () => {
      for (const id of made) await removeContainer(client, id)
      for (const tag of await leased(client)) await client.removeImage(tag)
    })
    await sweepEngine(client)
    const left = await ownedContainers(client)
    expect(made.map((id) => left.includes(id))).toEqual([false, true, true])
    expect(await leased(client)).toHaveLength(2)
    expect((await listImages(client)).map(({ id }) => id)).toContain(imageId)
  })

  test('an image that was built but not named yet is removed with its lease', async () => {
    const { imageId } = await buildText(client, 'FROM debian:bookworm\nRUN echo unnamed > /unnamed\n')
    await client.tagImage(imageId, `cutaway/session:${goneOwner()}.00000000`)
    await sweepEngine(client)
    expect((await listImages(client)).map(({ id }) => id)).not.toContain(imageId)
  })
})

describe('a signal is answered whatever the program is doing', () => {
  /** A module that keeps the threads beside the main one busy, or waiting for a file, from their start. */
  const planted = (work: string): string => {
    const folder = makeFolder({
      'plant.mjs': `import { readFileSync, writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
if (!isMainThread) {
  writeSync(2, 'planted\\n')
  ${work}
}`,
    })
    spawnSync('mkfifo', [join(folder, 'fifo')])
    return pathToFileURL(join(folder, 'plant.mjs')).href
  }
  const busy = 'for (;;);'
  const blocked = "readFileSync(new URL('fifo', import.meta.url))"

  test.each([
    ['a busy command', 'SIGINT', busy, ['cli.js', 'compare', '.']],
    ['a busy command', 'SIGTERM', busy, ['cli.js', 'ladder', '.']],
    ['a command that waits for a file', 'SIGTERM', blocked, ['cli.js', 'compare', '.']],
    ['a busy web host', 'SIGTERM', busy, ['web.js']],
    ['a busy web host', 'SIGHUP', busy, ['web.js']],
  ] as const)('%s, %s', async (_what, signal, work, [script, ...args]) => {
    const flags = ['--import', planted(work), `out/main/${script}`]
    const { child, ended, printed } = endAfterTest(startProgram(process.execPath, [...flags, ...args]))
    await expect.poll(printed, patience).toContain('planted')
    const started = performance.now()
    child.kill(signal)
    expect(await ended).toEqual([null, signal])
    expect(performance.now() - started).toBeLessThan(8000)
  })

  test('a second signal ends at once', async () => {
    const flags = ['--import', planted(busy), 'out/main/web.js']
    const { child, ended, printed } = endAfterTest(startProgram(process.execPath, flags))
    await expect.poll(printed, patience).toContain('planted')
    child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 600))
    const started = performance.now()
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    expect(performance.now() - started).toBeLessThan(1500)
  })

  test('a command that only reads ends at once', async () => {
    const folder = makeFolder({ 'plant.mjs': "console.error('planted')\nfor (;;);" })
    const flags = ['--import', join(folder, 'plant.mjs'), 'out/main/cli.js', 'check', folder]
    const { child, ended, printed } = endAfterTest(startProgram(process.execPath, flags))
    await expect.poll(printed, patience).toContain('planted')
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
  })
})

/** Builds and compares two variants of a folder; returns the comparison's id. */
async function compareIn(host: WebHost, path: string, before: object, after: object): Promise<string> {
  await host.ask('project.open', { path })
  await host.ask('variant.build', { jobId: 'build', path, before, after, noCache: false })
  const opened = { jobId: 'open', buildId: 'build' }
  return (await host.ask<{ readonly comparisonId: string }>('comparison.open', opened)).comparisonId
}

/** The content of a file of the *after* image. */
async function readFileOf(host: WebHost, comparisonId: string, path: string): Promise<string> {
  for (let node = 0; ; node++) {
    const entry = await host.ask<{ readonly path: string }>('comparison.entry', { comparisonId, node })
    const request = { jobId: 'file', comparisonId, node, side: 'after', limitBytes: 100 }
    if (entry.path === path) return host.ask('comparison.file', request)
  }
}
