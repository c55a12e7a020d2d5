import { randomInt } from 'node:crypto'
import { cpSync, createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { expect, inject } from 'vitest'
import type { BuildEvent } from '../../electron/core/build/build-event'
import type { BuildProgress } from '../../electron/core/build/build-progress'
import { type VariantRole, variantLabel } from '../../electron/core/variants/variant'
import { buildDerived } from '../../electron/engine/derive/build-derived'
import { runBuild } from '../../electron/engine/docker/build'
import { type BuildOutcome, projectReference } from '../../electron/engine/docker/build-variants'
import { drain, EngineClient } from '../../electron/engine/docker/client'
import type { FoundEngine } from '../../electron/engine/docker/find-engine'
import { choosePair, type PairChoice } from '../../electron/engine/project/choose-pair'
import { openProject } from '../../electron/engine/project/open-project'
import { runImage as runWithinLimits } from '../../electron/engine/run/run-image'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'

export const resources = join(import.meta.dirname, '../../resources')

/** The engine of this run, or undefined when none answered: then the tests that need one skip. */
export async function engineOrSkip(): Promise<FoundEngine | undefined> {
  const shared = inject('engine')
  return shared && { ...shared, client: new EngineClient(shared.endpoint) }
}

/** A copy of a bundled example in a folder of its own, so that its images have names of their own. */
export function copyExample(name: string): { folder: string; remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'cutaway-test-'))
  const folder = join(parent, name)
  cpSync(join(resources, 'examples', name), folder, { recursive: true })
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) }
}

export interface BuildTestOptions {
  readonly signal?: AbortSignal
  readonly noCache?: boolean
  /** Other variants than those that are paired. */
  readonly choice?: PairChoice
  readonly onMessage?: (message: string) => void
  readonly onProgress?: (role: VariantRole, progress: BuildProgress) => void
}

export async function buildFolder(
  client: EngineClient,
  folder: string,
  options: BuildTestOptions = {},
): Promise<BuildOutcome> {
  const pair = choosePair(await openProject(folder), options.choice ?? {})
  const signal = options.signal ?? new AbortController().signal
  const onMessage = options.onMessage ?? (() => undefined)
  return buildDerived(client, [pair.before, pair.after], {
    folder,
    noCache: options.noCache ?? false,
    signal,
    onMessage,
    onProgress: options.onProgress ?? (() => undefined),
    makeStandIn: (reference) =>
      makeStandIn(client, reference, { signal, onMessage, recipes: join(resources, 'stand-ins') }),
  })
}

/** Builds a Dockerfile that needs no context. Throws with the engine's last word when it does not build. */
export async function buildText(
  client: EngineClient,
  dockerfile: string,
): Promise<{ imageId: string; events: readonly BuildEvent[] }> {
  const context = tar.pack()
  context.entry({ name: 'Dockerfile' }, dockerfile)
  context.finalize()
  const events: BuildEvent[] = []
  const request = {
    context: Readable.from(context),
    dockerfile: 'Dockerfile',
    target: undefined,
    noCache: false,
    labels: {},
  }
  await runBuild(client, request, { signal: new AbortController().signal, onEvent: (event) => events.push(event) })
  const image = events.find((event) => event.kind === 'image')
  if (image === undefined) throw new Error(JSON.stringify(events.at(-1)))
  return { imageId: image.imageId, events }
}

/** Saves images as `docker save` does. */
export async function saveImage(client: EngineClient, names: string | readonly string[], file: string): Promise<void> {
  const reply = await client.stream({ method: 'GET', path: '/images/get', query: { names } })
  await pipeline(reply, createWriteStream(file))
}

/** All that were built of a folder. */
export async function removeImages(client: EngineClient, folder: string): Promise<void> {
  const names = projectReference(folder, '')
  for (const { tags } of await client.listImages())
    for (const tag of tags) if (tag.startsWith(names)) await client.removeImage(tag)
}

export interface ExportedEntry {
  readonly type: string
  readonly bytes: number
  readonly mode: number
  readonly owner: string
  readonly mtime: number
  readonly link: string
}

/** The files of a never-started container as `docker export` lists them, read by another tar library than ours. */
export async function exportRootfs(client: EngineClient, imageId: string): Promise<Map<string, ExportedEntry>> {
  const { Id } = await client.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: { Image: imageId, Cmd: ['-'] },
  })
  try {
    const extract = tar.extract()
    const found = new Map<string, ExportedEntry>()
    extract.on('entry', ({ name, type, size, mode, uid, gid, mtime, linkname }, body, next) => {
      const entry = {
        type: type ?? 'file',
        bytes: size ?? 0,
        mode: mode ?? 0,
        owner: `${uid}:${gid}`,
        mtime: (mtime?.getTime() ?? 0) / 1000,
        link: linkname ?? '',
      }
      found.set(name.replace(/\/$/, ''), entry)
      body.on('end', next)
      body.resume()
    })
    const stream = await client.stream({ method: 'GET', path: `/containers/${Id}/export` })
    await pipeline(stream, extract as unknown as Writable)
    return found
  } finally {
    await drain(await client.stream({ method: 'DELETE', path: `/containers/${Id}`, query: { force: 'true' } }))
  }
}

/** Other test files use the engine at the same time: what is counted is of one project, one image or one mark. */
interface ListedContainer {
  readonly Id: string
  readonly Image: string
  readonly ImageID: string
  readonly Names: readonly string[]
}

const allContainers = (client: EngineClient): Promise<readonly ListedContainer[]> =>
  client.json({ method: 'GET', path: '/containers/json', query: { all: 'true' } })

/** Of an engine that one test file has alone. */
export const countAllContainers = async (client: EngineClient): Promise<number> => (await allContainers(client)).length

/** How many containers there are of these images, running or not. */
export async function countContainers(client: EngineClient, imageIds: readonly string[]): Promise<number> {
  return (await allContainers(client)).filter(({ ImageID }) => imageIds.includes(ImageID)).length
}

/** Waits until no container is left that was not there before: those of other test files go with their tests, one that is left over stays. */
export async function watchContainers(client: EngineClient): Promise<{ readonly expectNoneLeft: () => Promise<void> }> {
  const before = new Set((await allContainers(client)).map(({ Id }) => Id))
  return {
    expectNoneLeft: async () => {
      const appeared = (await allContainers(client)).map(({ Id }) => Id).filter((id) => !before.has(id))
      const left = async (): Promise<string[]> =>
        (await allContainers(client)).filter(({ Id }) => appeared.includes(Id)).map(({ Id, Image }) => `${Image} ${Id}`)
      await expect.poll(left, { timeout: 120_000, interval: 250 }).toEqual([])
    },
  }
}

export interface ListedImage {
  readonly id: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** All images, dangling ones too. */
export async function listImages(client: EngineClient): Promise<ListedImage[]> {
  const images = await client.json<{ Id: string; RepoTags: string[] | null; Labels: Record<string, string> | null }[]>({
    method: 'GET',
    path: '/images/json',
  })
  return images.map(({ Id, RepoTags, Labels }) => ({ id: Id, tags: RepoTags ?? [], labels: Labels ?? {} }))
}

/** The images that were built of a folder, dangling ones too. */
export async function imagesOf(client: EngineClient, folder: string): Promise<ListedImage[]> {
  const reference = projectReference(folder, '')
  return (await listImages(client)).filter(({ labels }) => labels[variantLabel]?.startsWith(reference))
}

/** Runs an image with some input, without network; gives what it printed and its exit code. A command is run as root. */
export async function runImage(
  client: EngineClient,
  imageId: string,
  input: string,
  command?: readonly string[],
): Promise<{ output: string; exitCode: number }> {
  const body = {
    Image: imageId,
    ...(command === undefined ? {} : { Entrypoint: command, User: '0' }),
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { NetworkMode: 'none', Memory: 256 << 20, PidsLimit: 64 },
  }
  const { Id } = await client.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  try {
    const socket = await attach(client, Id)
    const output = readFrames(socket)
    await drain(await client.stream({ method: 'POST', path: `/containers/${Id}/start` }))
    socket.end(input)
    const { StatusCode } = await client.json<{ StatusCode: number }>({ method: 'POST', path: `/containers/${Id}/wait` })
    return { output: await output, exitCode: StatusCode }
  } finally {
    await drain(await client.stream({ method: 'DELETE', path: `/containers/${Id}`, query: { force: 'true' } }))
  }
}

/** Starts a server, asks it for these paths from inside its own network, and ends it; gives its answers, without the last line break. */
export async function askServer(
  client: EngineClient,
  imageId: string,
  port: number,
  paths: readonly string[],
): Promise<string[]> {
  const answers: string[] = []
  const { signal } = new AbortController()
  for (const path of paths) {
    const request = { input: '', seconds: 120, port, path, hasNetwork: false, probeImage: 'debian:bookworm-slim' }
    const { answer, end, stderr } = await runWithinLimits(client, imageId, { ...request, signal })
    answers.push(answer ? `${answer.status} ${answer.body}` : `${end} ${stderr}`)
  }
  return answers
}

async function attach(client: EngineClient, id: string): Promise<Socket> {
  const socket = connect(new URL(client.endpoint.address).pathname)
  socket.write(
    `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
  )
  let head = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    head += chunk
    if (head.includes('\r\n\r\n')) break
  }
  return socket
}

/** The engine multiplexes: 8 bytes of header, then the text. */
async function readFrames(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  let text = ''
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4))
    text += bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at + 4)).toString()
  return text
}

/** A number of seconds that no other test and no other run sleeps for. */
export const uniqueSeconds = (): number => 100_000 + randomInt(900_000)

/** Whether a process whose command line holds this text runs on this machine. */
export function isProcessRunning(text: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text)
      } catch {
        return false // it ended meanwhile
      }
    })
}
