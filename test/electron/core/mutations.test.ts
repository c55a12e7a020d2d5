import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BuildProgress } from '../../../electron/core/build/build-progress'
import { stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { findProblems } from '../../../electron/core/findings/find-problems'
import { applyEdit } from '../../../electron/core/findings/finding'
import { findSavings } from '../../../electron/core/findings/savings/find-savings'
import { planBuilds } from '../../../electron/core/variants/build-plan'
import { pairDockerfiles } from '../../../electron/core/variants/pair'

const corpus = join(import.meta.dirname, '../../corpus')
const texts = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
  .filter((path) => /(^|[/.])Dockerfile$/.test(path))
  .map((path) => readFileSync(join(corpus, path), 'utf8'))

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    yield state >>> 8
  }
}

const oddities = [
  '\0',
  '\ufffd',
  '\ud800',
  '\\',
  '"',
  "'",
  '[',
  '${',
  '$(',
  '<<EOF',
  '&&',
  '\t',
  '\r',
  '--from=',
  'AS',
  '# escape=`\n',
]

/** Cuts, doubles, swaps or spoils lines. */
function mutated(text: string, seed: number): string {
  const next = numbers(seed)
  const number = (below: number): number => next.next().value % Math.max(1, below)
  const lines = text.split('\n')
  for (let times = 1 + number(4); times > 0; times--) {
    const [a, b] = [number(lines.length), number(lines.length)]
    const line = lines[a] ?? ''
    const at = number(line.length)
    const odd = oddities[number(oddities.length)]!
    const kind = number(6)
    if (kind === 0) lines.splice(a, 1)
    else if (kind === 1) lines.splice(a, 0, line)
    else if (kind === 2) [lines[a], lines[b]] = [lines[b] ?? '', line]
    else if (kind === 3) lines[a] = line.slice(0, at)
    else lines[a] = line.slice(0, at) + odd + line.slice(at + (kind === 4 ? 1 : 0))
  }
  return lines.join('\n')
}

const unnamed = { id: '', title: '', name: '', path: '', context: '', derivation: undefined, reasons: [] }

test('2,000 spoiled Dockerfiles: everything that reads one gives an answer, and a derived file can be read again', () => {
  const files = { names: ['go.mod', 'package.json', 'static'], text: () => '"devDependencies": {"' }
  let derived = 0
  for (let seed = 1; seed <= 2000; seed++) {
    const text = mutated(texts[seed % texts.length]!, seed)
    const { value, diagnostics } = parseStages(text)
    const target = value.stages.length - 1
    stageGraph(value)
    findProblems(value, target, files)
    for (const { edit } of findSavings(value, target, files)) if (edit) parseStages(applyEdit(text, edit))
    for (const { place } of diagnostics) expect(place.line).toBeLessThanOrEqual(text.split('\n').length)
    new BuildProgress({ staged: value, target, role: 'after', ...unnamed }, '').snapshot()
    if (value.stages.length === 0 || diagnostics.some(({ severity }) => severity === 'error')) continue
    const pairing = pairDockerfiles([{ path: 'Dockerfile', staged: value, context: '', hasFilesBeside: true, files }])
    if (pairing.kind === 'unpaired') continue
    planBuilds([pairing.before, pairing.after])
    derived++
    for (const { derivation, staged } of [pairing.before, pairing.after])
      if (derivation !== undefined)
        expect([text, parseStages(staged.dockerfile.text).value.stages.length > 0]).toEqual([text, true])
  }
  expect(derived).toBeGreaterThan(500)
})

test('the corpus has at least 70 Dockerfiles', () => expect(texts.length).toBeGreaterThanOrEqual(70))
