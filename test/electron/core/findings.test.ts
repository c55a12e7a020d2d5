import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { findProblems } from '../../../electron/core/findings/find-problems'
import type { Finding } from '../../../electron/core/findings/finding'
import { readProjectFiles } from '../../../electron/engine/project/project-files'

const corpus = join(import.meta.dirname, '../../corpus')

async function problemsOf(folder: string, dockerfile: string): Promise<Finding[]> {
  const { value } = parseStages(readFileSync(join(folder, dockerfile), 'utf8'))
  return findProblems(value, value.stages.length - 1, await readProjectFiles(folder, ''))
}

describe.each(readdirSync(join(corpus, 'broken')))('%s', (name) => {
  const folder = join(corpus, 'broken', name)
  test('the broken file has exactly this finding, on its line', async () => {
    const { findings } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    const found = await problemsOf(folder, 'broken.Dockerfile')
    expect(found.map(({ rule, line }) => [rule, line])).toEqual(findings)
    const said = found.map(({ line, severity, what, why, fix }) => `${line} ${severity}: ${what}\n  ${why}\n  ${fix}\n`)
    await expect(said.join('')).toMatchFileSnapshot(join(corpus, 'sentences/findings', `${name}.txt`))
  })
  test('its repaired twin has none', async () => {
    expect(await problemsOf(folder, 'repaired.Dockerfile')).toEqual([])
  })
})

test('the bundled examples have none', async () => {
  const examples = join(import.meta.dirname, '../../../resources/examples')
  for (const name of readdirSync(examples))
    for (const dockerfile of ['Dockerfile', 'Dockerfile.multistage'])
      expect([name, dockerfile, await problemsOf(join(examples, name), dockerfile)]).toEqual([name, dockerfile, []])
})

test('packages that a later stage bundles are not lost', () => {
  const text = [
    'FROM node:22 AS deps',
    'WORKDIR /app',
    'COPY package.json .',
    'RUN npm ci',
    'FROM node:22 AS builder',
    'WORKDIR /app',
    'COPY --from=deps /app/node_modules node_modules',
    'COPY . .',
    'RUN npm run build:next',
    'FROM node:22-slim',
    'COPY --from=builder /app/.next/standalone /app',
    'CMD ["node", "/app/server.js"]',
  ].join('\n')
  const { value } = parseStages(text)
  expect(findProblems(value, 2, { names: ['package.json'], text: () => undefined })).toEqual([])
})
