import { expect, test } from 'vitest'
import type { Meaning } from '../../../electron/core/compare/meaning'
import type { Finding } from '../../../electron/core/findings/finding'
import { builtVariant } from '../../../electron/core/report/built-variant'
import { makeCompareReport } from '../../../electron/core/report/compare-report'
import { smallReport } from '../../support/report'

const { comparison, variants } = smallReport
const facts = { ...variants[0]!, problems: undefined, findings: undefined }
const finding: Finding = { rule: 'DL3009', severity: 'info', line: 2, what: 'w', why: 'y', fix: 'f' } as never
const meaning: Meaning = {
  ledger: [],
  surface: [],
  packages: [],
  residue: { before: { files: 0, bytes: 0, list: [] }, after: { files: 0, bytes: 0, list: [] } },
  givenUp: [],
  savings: { before: { DL3009: 5 }, after: {} },
}
const input = {
  project: '/shop',
  engine: smallReport.engine,
  standIns: [],
  before: variants[0]!,
  after: variants[1]!,
  facts: { before: facts, after: facts, summary: { ...comparison, ratio: undefined } },
}
const findings = { before: [finding], after: [] }

test('what was not looked into is null, and what was looked into and not found is empty', () => {
  const plain = makeCompareReport({ ...input, findings })
  expect(plain.variants.map((variant) => [variant.findings, variant.problems])).toEqual([
    [null, null],
    [null, null],
  ])
  const { ratio, ledger, surface, packages, residue, givenUp } = plain.comparison
  expect([ratio, ledger, surface, packages, residue, givenUp]).toEqual([null, null, null, null, null, null])
  expect([plain.run, plain.matrix, plain.vulnerabilities]).toEqual([null, null, null])
  expect(makeCompareReport({ ...input, meaning }).variants[0]!.findings).toBeNull()
  const looked = makeCompareReport({ ...input, meaning, findings, problems: { before: [], after: [] } })
  expect(looked.variants.map((variant) => [variant.findings, variant.problems])).toEqual([
    [[{ ...finding, bytes: 5 }], []],
    [[], []],
  ])
  expect(looked.comparison).toMatchObject({ ledger: [], surface: [], packages: [], givenUp: [] })
})

test('a derived Dockerfile is named as one, and build times are seconds', () => {
  const variant = { name: 'multi-stage', role: 'after', path: 'Dockerfile', derivation: 'split' } as never
  const steps = [{ state: 'cached' }, { state: 'done' }, { state: 'cached' }] as never
  const snapshot = { steps, activity: undefined, imageId: undefined }
  expect(builtVariant({ variant, imageId: 'sha256:1', reference: 'a:b', buildMs: 1234.6, snapshot })).toEqual({
    name: 'multi-stage',
    role: 'after',
    dockerfile: 'Dockerfile (split)',
    derived: true,
    buildSeconds: 1.235,
    steps: 3,
    cachedSteps: 2,
    imageId: 'sha256:1',
    reference: 'a:b',
  })
})
