import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EngineClient } from '../../../electron/engine/docker/client'
import { thisOwner } from '../../../electron/engine/life/owner'
import { serveWatchdog } from '../../../electron/engine/life/serve-watchdog'
import { removeContainer, sweepEngine } from '../../../electron/engine/life/sweep'
import { makeFolder } from '../../support/folder'

/** No process id is that high. */
const goneOwner = thisOwner().replace(/\.\d+\.\d+$/, '.99999999.1')
const tag = `cutaway/session:${goneOwner}.00`

interface Refusal {
  readonly status: number
  readonly message: string
}

/** An engine with two containers and an image of an owner that has ended. It refuses to remove the first container, or never answers that. */
async function startEngine(first: Refusal | 'silence'): Promise<{ client: EngineClient; removed: string[] }> {
  const socket = join(makeFolder({}), 'engine.sock')
  const removed: string[] = []
  const server = createServer(({ method, url = '' }, response) => {
    const [path = ''] = url.split('?')
    if (path === '/containers/json')
      response.end(JSON.stringify(['a', 'b'].map((Id) => ({ Id, Labels: { 'dev.cutaway.owner': goneOwner } }))))
    else if (path === '/images/json') response.end(JSON.stringify([{ RepoTags: [tag, 'other:1'] }, { RepoTags: null }]))
    else if (method !== 'DELETE') response.writeHead(404).end()
    else if (path !== '/containers/a') {
      removed.push(decodeURIComponent(path))
      response.writeHead(204).end()
    } else if (first !== 'silence') response.writeHead(first.status).end(JSON.stringify({ message: first.message }))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = `unix://${socket}`
  return {
    client: new EngineClient({ address, origin: 'usual socket', certificates: undefined, isPrivate: false }),
    removed,
  }
}

const everythingElse = ['/containers/b', `/images/${tag}`]
const beingRemoved = { status: 409, message: 'removal of container a is already in progress' }

test('a container that cannot be removed does not keep the others, and its reason is told', async () => {
  const { client, removed } = await startEngine({ status: 500, message: 'device or resource busy' })
  const error = await sweepEngine(client).catch((cause) => cause)
  expect(error.failure).toMatchObject({ code: 'engine-refused', status: 500, detail: 'device or resource busy' })
  expect(removed).toEqual(everythingElse)
})

test('a container that another process is removing counts as removed', async () => {
  const { client, removed } = await startEngine(beingRemoved)
  expect(await sweepEngine(client)).toBe(3)
  expect(removed).toEqual(everythingElse)
  const other = await startEngine({ status: 409, message: 'the container is used' })
  await expect(removeContainer(other.client, 'a')).rejects.toThrow()
})

test('the watchdog ends although the engine does not answer', async () => {
  const { client, removed } = await startEngine('silence')
  const ended = serveWatchdog({ owner: goneOwner, ownerPid: process.ppid, endpoint: client.endpoint }, 200)
  await expect(Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 30_000, 'waits'))])).resolves.toBe(
    undefined,
  )
  expect(removed).toEqual([])
})
