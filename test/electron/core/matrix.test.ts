import { describe, expect, test } from 'vitest'
import { chooseEdit, editText } from '../../../electron/core/matrix/edits'
import { fasterSide, type Matrix, matrixCell, matrixSentences, shipping } from '../../../electron/core/matrix/matrix'

describe('the file that is edited', () => {
  test.each([
    [['go.mod', 'cmd/main.go', 'util.go', 'vendor/x/main.go'], 'cmd/main.go', 'go.mod'],
    [['package.json', 'package-lock.json', 'src/index.ts', 'node_modules/a/index.js'], 'src/index.ts', 'package.json'],
    [['requirements.txt', 'app/calculator.py', 'tests/main.py'], 'app/calculator.py', 'requirements.txt'],
    [['pom.xml', 'src/main/java/A.java'], 'src/main/java/A.java', 'pom.xml'],
    [['Makefile', 'calc.c'], 'calc.c', 'Makefile'],
    [['README.md'], undefined, undefined],
  ])('%j', (paths, source, dependency) => {
    expect(chooseEdit(paths, 'source')?.path).toBe(source)
    expect(chooseEdit(paths, 'dependency')?.path).toBe(dependency)
  })
  test('every edit is another text, a comment where there are comments, and JSON stays JSON', () => {
    const go = chooseEdit(['main.go'], 'source')!
    expect(editText(go, 7)).toBe('\n// edit 7\n')
    const json = chooseEdit(['package.json'], 'dependency')!
    expect(JSON.parse(`{"a":1}${editText(json, 5)}`)).toEqual({ a: 1 })
    expect(editText(json, 5)).not.toBe(editText(json, 6))
  })
})

test('median and spread', () => {
  expect(matrixCell([3, 1, 2], 5, 4)).toMatchObject({ medianMs: 2, lowestMs: 1, highestMs: 3 })
  expect(matrixCell([4, 1, 2, 3], 5, 4).medianMs).toBe(2.5)
})

const cell = (...runs: number[]): ReturnType<typeof matrixCell> => matrixCell(runs, 1, 0)

test('faster is who is faster in every run', () => {
  expect(fasterSide({ before: cell(3000, 4000), after: cell(1000, 2000) })).toBe('after')
  expect(fasterSide({ before: cell(1000, 2000), after: cell(3000) })).toBe('before')
  expect(fasterSide({ before: cell(1000, 3000), after: cell(1500, 2500) })).toBe('same')
  expect(fasterSide({ before: cell(40), after: cell(90) })).toBe('same')
  expect(fasterSide({ before: cell(1000), after: cell(1099) })).toBe('same')
  expect(fasterSide({ before: cell(1000), after: cell(1100) })).toBe('before')
  expect(fasterSide({ before: cell(1100), after: cell(1000) })).toBe('after')
  expect(fasterSide({ before: cell(1000, 2000), after: cell(2000, 3000) })).toBe('same')
  expect(fasterSide({ before: cell(2000, 3000), after: cell(1000, 2000) })).toBe('same')
})

test('where the smaller image loses, the sentence says so; shipping is bytes by bandwidth, and by nodes', () => {
  const cost = { layers: 1, unpackedBytes: 3e6, transferBytes: 1e6 }
  const costs = { whole: cost, source: { ...cost, transferBytes: 5e6 }, dependency: undefined }
  const matrix: Matrix = {
    runs: 1,
    rows: [
      { case: 'cold', edited: undefined, before: cell(10_000), after: cell(20_000) },
      { case: 'source', edited: 'main.go', before: cell(9000), after: cell(1000) },
    ],
    ship: { before: costs, after: { ...costs, source: cost } },
  }
  expect(matrixSentences(matrix)).toEqual([
    'Built from nothing, after is slower: 10 s before, 20 s after. Here it does not pay.',
    'Built after a source edit, after is faster: 9.0 s before, 1.0 s after.',
    'After a source edit 5.00 MB are pushed and pulled again before, 1.00 MB after.',
  ])
  expect(shipping(cost, { megabits: 100, nodes: 20 })).toEqual({ seconds: 0.08, allBytes: 20e6 })
})
