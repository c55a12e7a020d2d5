import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestProject } from 'vitest/node'
import { ensureBaseImage } from '../../electron/engine/docker/base-images'
import type { EngineClient } from '../../electron/engine/docker/client'
import type { Endpoint } from '../../electron/engine/docker/endpoints'
import { type FoundEngine, findEngine } from '../../electron/engine/docker/find-engine'
import type { EngineVersion } from '../../electron/engine/docker/replies'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'

/** The engine that all tests of a run share. */
export interface SharedEngine {
  readonly endpoint: Endpoint
  readonly version: EngineVersion
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined when no engine answers. */
    readonly engine: SharedEngine | undefined
  }
}

/** What all the others are made of. */
const firstImages = ['debian:bookworm', 'debian:trixie']

/** What tests build on. Two processes that need one at the same time would make it twice, so all are made before the first test. */
const baseImages = [
  'debian:bookworm-slim',
  'debian:trixie-slim',
  'python:3.11-bookworm',
  'python:3.11-slim-bookworm',
  'python:3.13-slim-trixie',
  'node:22-bookworm',
  'node:22-bookworm-slim',
  'nginxinc/nginx-unprivileged:stable',
  'gcr.io/distroless/static-debian13:nonroot',
  'gcr.io/distroless/base-debian13:nonroot',
  'gcr.io/distroless/cc-debian13:nonroot',
  'gcr.io/distroless/python3-debian13:nonroot',
  'gcr.io/distroless/java17-debian13:nonroot',
  'gcr.io/distroless/nodejs22-debian13:nonroot',
]

/** Each project loads this file anew. */
const acrossProjects = globalThis as { sharedEngine?: Promise<SharedEngine | undefined> }

/** Finds the engine once for all projects of a run, and makes the base images in Cutaway's own one that no registry has. */
export async function setup(project: TestProject): Promise<void> {
  acrossProjects.sharedEngine ??= prepare()
  project.provide('engine', await acrossProjects.sharedEngine)
}

async function prepare(): Promise<SharedEngine | undefined> {
  const found = await findPatiently()
  if (found === undefined) return undefined
  const { client, endpoint, version } = found
  if (endpoint.isPrivate) await makeBaseImages(client)
  return { endpoint, version }
}

/** A machine under load may take longer to answer than a user would wait. */
async function findPatiently(): Promise<FoundEngine | undefined> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const found = await findEngine().catch((error) => error as Error)
    if (!(found instanceof Error)) return found
    if (attempt === 5) console.warn(`Engine tests are skipped: ${found.message}`)
    else await sleep(1000)
  }
  return undefined
}

async function makeBaseImages(client: EngineClient): Promise<void> {
  const options = {
    signal: new AbortController().signal,
    onMessage: (message: string) => console.log(message),
    recipes: join(import.meta.dirname, '../../resources/stand-ins'),
  }
  const make = async (reference: string): Promise<void> => {
    const request = { reference, line: 1, file: 'Dockerfile' }
    await ensureBaseImage(client, request, {
      signal: options.signal,
      onPull: () => undefined,
      makeStandIn: (wanted) => makeStandIn(client, wanted, options),
    }).catch((error) => console.warn(`${reference} could not be had: ${error.message}`))
  }
  await Promise.all(firstImages.map(make))
  // One by one: the engine's builder loses files when several builds copy out of one image for the first time.
  for (const reference of baseImages) await make(reference)
}
