import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { expandVariables, type Variables } from '../../core/dockerfile/words'

/** What a compose file says about building one of its services. Paths use `/` and are relative to the project folder. */
export interface ComposeBuild {
  readonly context: string
  readonly dockerfile: string
  readonly target: string | undefined
  readonly args: Variables
  readonly contexts: Readonly<Record<string, string>>
}

const names = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

const argument = z.union([z.string(), z.number(), z.boolean(), z.null()])
const pairs = z.union([z.record(z.string(), argument), z.array(z.string())])
const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z
        .union([
          z.string(),
          z.object({
            context: z.string().optional(),
            dockerfile: z.string().optional(),
            target: z.string().optional(),
            args: pairs.optional(),
            additional_contexts: pairs.optional(),
          }),
        ])
        .optional(),
    }),
  ),
})

/**
 * The `build:` entries of the folder's compose file (https://docs.docker.com/reference/compose-file/build/), as far as they lie inside the
 * folder. A file that is not there or cannot be understood says nothing: the project is read without it.
 */
export async function readComposeBuilds(folder: string): Promise<ComposeBuild[]> {
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
    if (text !== undefined) return composeBuilds(text)
  }
  return []
}

function composeBuilds(text: string): ComposeBuild[] {
  const { success, data } = composeFile.safeParse(parsedOrNothing(text))
  if (!success) return []
  return Object.values(data.services).flatMap(({ build }) => {
    if (build === undefined) return []
    const {
      context = '.',
      dockerfile = 'Dockerfile',
      target,
      args,
      additional_contexts: contexts,
    } = typeof build === 'string' ? { context: build } : build
    const inside = posix.normalize(expanded(context))
    const path = posix.join(inside, expanded(dockerfile))
    if (/^(\.\.|\/)|:\/\//.test(inside) || path.startsWith('..')) return []
    const folder = inside.replace(/\/$/, '')
    return [
      {
        context: folder === '.' ? '' : folder,
        dockerfile: path,
        target: target === undefined ? undefined : expanded(target),
        args: pairsOf(args),
        contexts: Object.fromEntries(
          Object.entries(pairsOf(contexts)).filter(([, value]) => !value.startsWith('service:')),
        ),
      },
    ]
  })
}

function parsedOrNothing(text: string): unknown {
  try {
    return parse(text)
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
