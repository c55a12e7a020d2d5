import { isAbsolute, posix, relative, sep } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { expandVariables, type Variables } from '../../core/dockerfile/words'
import { EngineError } from '../../core/failure'
import type { RefusedOffer } from '../../core/variants/offers'
import { readTextInside, realInside } from './inside'

/** What a compose file says about building one of its services. Paths use `/` and are relative to the project folder. */
export interface ComposeBuild {
  readonly context: string
  readonly dockerfile: string
  readonly target: string | undefined
  readonly args: Variables
  readonly contexts: Readonly<Record<string, string>>
}

/** What a project's compose file says, and what of it is left out, with the reason. */
export interface ComposeBuilds {
  readonly builds: readonly ComposeBuild[]
  readonly leftOut: readonly RefusedOffer[]
}

const names = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** The parser needs seconds for some larger files. */
const mostBytes = 128 << 10

const argument = z.union([z.string(), z.number(), z.boolean(), z.null()])
const pairs = z.union([z.record(z.string(), argument), z.array(z.string())])
const service = z.object({
  build: z
    .union([
      z.string(),
      z.object({
        context: z.string().optional(),
        dockerfile: z.string().optional(),
        dockerfile_inline: z.string().optional(),
        target: z.string().optional(),
        args: pairs.optional(),
        additional_contexts: pairs.optional(),
      }),
    ])
    .optional(),
})
const composeFile = z.object({ services: z.record(z.string(), service) })

type ServiceBuild = NonNullable<z.infer<typeof service>['build']>

/**
 * The `build:` entries of the folder's compose file (https://docs.docker.com/reference/compose-file/build/) whose context and Dockerfile
 * are inside the folder, wherever links lead; `folder` must be a real path. Other files that it names (`include`, `extends`) are not read.
 */
export async function readComposeBuilds(folder: string): Promise<ComposeBuilds> {
  for (const name of names) {
    try {
      const text = await readTextInside(folder, name, mostBytes)
      if (text !== undefined) return await composeBuilds(folder, name, text)
    } catch (error) {
      return { builds: [], leftOut: [{ id: name, title: name, problem: reasonOf(error) }] }
    }
  }
  return { builds: [], leftOut: [] }
}

/** What is said of a file that cannot be used. Throws errors that are no failures. */
export function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return error.message
  throw error
}

async function composeBuilds(folder: string, file: string, text: string): Promise<ComposeBuilds> {
  const { success, data } = composeFile.safeParse(parsedOrNothing(text))
  if (!success) return { builds: [], leftOut: [{ id: file, title: file, problem: notUnderstood }] }
  const builds: ComposeBuild[] = []
  const leftOut: RefusedOffer[] = []
  for (const [name, { build }] of Object.entries(data.services)) {
    if (build === undefined) continue
    const found = await composeBuild(folder, build).catch(reasonOf)
    if (typeof found !== 'string') builds.push(found)
    else leftOut.push({ id: `${file}#${name}`, title: `Service ${name} of ${file}`, problem: found })
  }
  return { builds, leftOut }
}

const notUnderstood = 'The file can’t be understood, so its services are left out.'

/** One service's build, or why it is left out. Throws what realInside throws. */
async function composeBuild(folder: string, build: ServiceBuild): Promise<ComposeBuild | string> {
  const { context = '.', dockerfile = 'Dockerfile', ...more } = typeof build === 'string' ? { context: build } : build
  const { dockerfile_inline: inline, target, args, additional_contexts: contexts } = more
  const place = expanded(context)
  if (/^[a-z+]+:\/\/|^git@/i.test(place)) return `Its build context ${place} isn’t a folder.`
  if (inline !== undefined) return 'Its Dockerfile is part of the compose file, which isn’t supported.'
  const inside = inProject(folder, place)
  const path = inProject(folder, expanded(dockerfile), inside)
  await realInside(folder, inside)
  return {
    context: inside,
    dockerfile: await spelledAsOnDisk(folder, path),
    target: target === undefined ? undefined : expanded(target),
    args: pairsOf(args),
    contexts: Object.fromEntries(
      Object.entries(pairsOf(contexts)).filter(([, value]) => !value.startsWith('service:')),
    ),
  }
}

/** A path of a compose file as one in the project, '' for its folder. Throws outside-project. */
function inProject(folder: string, path: string, from = ''): string {
  const slashes = path.split(sep).join('/')
  const absolute = isAbsolute(path) ? relative(folder, path).split(sep).join('/') : undefined
  const normal = posix.normalize(absolute ?? posix.join(from, slashes)).replace(/\/$/, '')
  if (/^\.\.(\/|$)/.test(normal) || isAbsolute(normal)) throw new EngineError({ code: 'outside-project', path })
  return normal === '.' ? '' : normal
}

/** The path of a file whose name is written otherwise than on disk, where the file system does not tell capitals apart. Throws what realInside throws. */
async function spelledAsOnDisk(folder: string, path: string): Promise<string> {
  const real = relative(folder, await realInside(folder, path))
    .split(sep)
    .join('/')
  return real.toLowerCase() === path.toLowerCase() ? real : path
}

/** Undefined for what is not YAML, is nested too deeply, or has too many aliases. Duplicate keys and excerpts in messages cost quadratic time. */
function parsedOrNothing(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error', uniqueKeys: false, prettyErrors: false })
  } catch {
    return undefined
  }
}

/** Variables come from the user's environment and .env files, which are not read: only defaults count. */
const expanded = (text: string): string => expandVariables(text, {})

function pairsOf(given: z.infer<typeof pairs> | undefined): Record<string, string> {
  const found = Array.isArray(given)
    ? given.filter((each) => each.includes('=')).map((each) => each.split(/=(.*)/s))
    : Object.entries(given ?? {}).filter(([, value]) => value !== null)
  return Object.fromEntries(found.map(([name, value]) => [name!, expanded(String(value))]))
}
