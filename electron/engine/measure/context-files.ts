import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Variant } from '../../core/variants/variant'
import { readIgnoreRules } from '../project/ignore'
import { realInside } from '../project/inside'

const mostFiles = 20_000

/** Paths of the files that a build is sent, ignored ones and folders apart; no more than it takes to find one worth editing. */
export async function contextFiles(
  project: string,
  { context, path: dockerfile }: Pick<Variant, 'context' | 'path'>,
): Promise<string[]> {
  const rules = await readIgnoreRules(project, context, dockerfile)
  const folder = await realInside(project, context)
  const found: string[] = []
  const queue = ['']
  for (let at = queue.shift(); at !== undefined && found.length < mostFiles; at = queue.shift()) {
    const entries = await readdir(join(folder, at), { withFileTypes: true })
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (rules.ignores(path)) continue
      if (entry.isDirectory()) queue.push(path)
      else if (entry.isFile()) found.push(path)
    }
  }
  return found
}
