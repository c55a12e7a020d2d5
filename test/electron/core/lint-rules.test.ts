import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import type { Finding } from '../../../electron/core/findings/finding'
import { judge } from '../../../electron/core/findings/judge'
import { lintRules, lintRulesPage } from '../../../electron/core/findings/rules'
import { readProjectFiles } from '../../../electron/engine/project/project-files'

const corpus = join(import.meta.dirname, '../../corpus')

test('the documentation page lists every rule, each with an anchor of its id', async () => {
  await expect(lintRulesPage()).toMatchFileSnapshot('../../../docs/lint-rules.md')
})

test('titles, consequences and fixes are sentences', () => {
  for (const [id, { title, consequence, fix }] of Object.entries(lintRules)) {
    expect([id, title]).toEqual([id, expect.stringMatching(/^[A-Za-z#].*[^.]$/)])
    for (const sentence of [consequence, fix])
      expect([id, sentence]).toEqual([id, expect.stringMatching(/^[A-Z`].*[.\]]$/s)])
  }
})

/** Findings as a user reads them, for every Dockerfile of the corpus. */
describe('what a user reads', () => {
  test('for each broken Dockerfile of the corpus', async () => {
    const parts: string[] = []
    for (const name of readdirSync(join(corpus, 'broken'))) {
      const folder = join(corpus, 'broken', name)
      const { value } = parseStages(readFileSync(join(folder, 'broken.Dockerfile'), 'utf8'))
      const found = judge(value, value.stages.length - 1, await readProjectFiles(folder, ''))
      parts.push(`## ${name}\n\n${found.map(asText).join('\n')}`)
    }
    await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot('../../corpus/findings.md')
  })
  test('the severity of a finding is that of its rule', async () => {
    for (const name of readdirSync(join(corpus, 'broken'))) {
      const folder = join(corpus, 'broken', name)
      const { value } = parseStages(readFileSync(join(folder, 'broken.Dockerfile'), 'utf8'))
      for (const { rule, severity } of judge(value, value.stages.length - 1, await readProjectFiles(folder, '')))
        expect([name, rule, severity]).toEqual([name, rule, lintRules[rule].severity])
    }
  })
})

function asText({ rule, severity, line, what, why, fix }: Finding): string {
  return `- line ${line}, ${severity}, ${rule}: ${what}\n  Why: ${why}\n  Fix: ${fix}`
}
