import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { findProblems } from '../../../electron/core/findings/find-problems'
import { splitStage } from '../../../electron/core/variants/split/split'
import { openProject } from '../../../electron/engine/project/open-project'

const corpus = join(import.meta.dirname, '../../corpus/split')

/** The derived file and why each line is there, or why there is none; a person has read what is kept. */
async function derived(name: string, target: 'multi-stage' | 'distroless'): Promise<string> {
  const { dockerfiles } = await openProject(join(corpus, name))
  const [{ staged, files }] = dockerfiles as [(typeof dockerfiles)[number]]
  const split = splitStage(staged, files, target)
  // What is derived must run as far as that can be told.
  if (split.ok) expect(findProblems(split.staged, 1, files)).toEqual([])
  if (!split.ok) return `not derived: ${split.problem}\n`
  const reasons = split.reasons.map(({ line, reason }) => `${line === undefined ? '' : `line ${line}: `}${reason}\n`)
  return `${split.staged.dockerfile.text}\n---- why ----\n${reasons.join('')}`
}

describe.each(readdirSync(corpus))('%s', (name) => {
  test.each(['multi-stage', 'distroless'] as const)('to %s', async (target) => {
    const text = await derived(name, target)
    await expect(text).toMatchFileSnapshot(join(corpus, name, `expected.${target}`))
    if (text.startsWith('not derived')) return
    const { value, diagnostics } = parseStages(text.split('\n---- why')[0]!)
    expect(diagnostics).toEqual([])
    expect(value.stages).toHaveLength(2)
  })
})
