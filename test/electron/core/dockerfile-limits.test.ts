import { describe, expect, test } from 'vitest'
import { stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { stageSteps } from '../../../electron/core/dockerfile/steps'
import { expandVariables } from '../../../electron/core/dockerfile/words'
import { judge } from '../../../electron/core/findings/judge'
import { landings, modelOf } from '../../../electron/core/findings/staged-model'
import { offerVariants } from '../../../electron/core/variants/offers'

const files = { names: [], text: () => undefined }

/** All that is asked of a Dockerfile before it is built; how many instructions were read, and the first error. */
function readAll(text: string): { instructions: number; error: string | undefined; line: number | undefined } {
  const { value: staged, diagnostics } = parseStages(text)
  const target = staged.stages.length - 1
  judge(staged, target, files)
  offerVariants([{ path: 'Dockerfile', staged, context: '', hasFilesBeside: true, files }])
  stageGraph(staged)
  staged.stages.map(stageSteps)
  const error = diagnostics.find(({ severity }) => severity === 'error')
  return { instructions: staged.dockerfile.instructions.length, error: error?.message, line: error?.span.startLine }
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')

const tooLong = expect.stringMatching(/^the file is too long: Cutaway reads 2000 instructions, 500 stages,/)
const tooDeep = 'variables are nested more than 50 deep'

// Each of these took minutes, all memory or the stack.
describe('a Dockerfile that is made to be hard to read', () => {
  test.each<[string, string, ReturnType<typeof readAll>]>([
    [
      'RUNs',
      `FROM a\n${lines(40_000, () => 'RUN apt-get install curl')}`,
      { instructions: 2000, error: tooLong, line: 2001 },
    ],
    ['stages', lines(3000, (index) => `FROM a AS s${index}`), { instructions: 500, error: tooLong, line: 501 }],
    ['lines', `FROM a\n${'#\n'.repeat(400_000)}`, { instructions: 1, error: tooLong, line: 20_001 }],
    ['a long line', `FROM a\nRUN ${'x'.repeat(1 << 20)}\n`, { instructions: 1, error: tooLong, line: 2 }],
    [
      'a long instruction',
      `FROM a\nRUN ${'aaaaaaaaaaaaaaa \\\n'.repeat(10_000)}`,
      { instructions: 1, error: tooLong, line: 2 },
    ],
    [
      'here-documents without end',
      `FROM a\n${'RUN <<E\n'.repeat(15_000)}`,
      { instructions: 2, error: expect.any(String), line: 2 },
    ],
    [
      'nested variables',
      `FROM a\nENV a=${'${A:-'.repeat(4500)}${'}'.repeat(4500)}`,
      { instructions: 2, error: tooDeep, line: 2 },
    ],
    [
      'nested variables that are not closed',
      `FROM a\nENV a=${'${A:-'.repeat(4500)}`,
      { instructions: 2, error: tooDeep, line: 2 },
    ],
    [
      'nested variables in FROM',
      `FROM ${'${A:-'.repeat(4500)}a${'}'.repeat(4500)}`,
      { instructions: 1, error: tooDeep, line: 1 },
    ],
    [
      'variables that double each other',
      `FROM a\nENV A0=xxxxxxxx\n${lines(40, (index) => `ENV A${index + 1}=$A${index}$A${index}`)}`,
      { instructions: 42, error: undefined, line: undefined },
    ],
    [
      'a long variable in every word',
      `FROM a\nENV A=${'x'.repeat(30_000)}\n${lines(7, () => `RUN echo ${'$A$A '.repeat(6000)}`)}`,
      { instructions: 9, error: undefined, line: undefined },
    ],
    [
      'a long variable in many variables',
      `FROM a\nENV A=${'x'.repeat(30_000)}\n${lines(30, () => `ENV ${'B=$A$A '.repeat(4000)}`)}`,
      { instructions: 32, error: undefined, line: undefined },
    ],
    [
      'folders in folders',
      `FROM a\n${lines(1900, () => `WORKDIR ${'a/'.repeat(250)}`)}`,
      { instructions: 1901, error: undefined, line: undefined },
    ],
    [
      'folders in folders of a shell',
      `FROM a\n${lines(4, () => `RUN ${'cd a;'.repeat(6000)}`)}`,
      { instructions: 5, error: undefined, line: undefined },
    ],
    ['blanks', `FROM a\nRUN x${'\t'.repeat(32_000)}y`, { instructions: 2, error: undefined, line: undefined }],
    [
      'variables of every step',
      `FROM a\n${lines(1900, (index) => `ENV A${index}=b`)}`,
      { instructions: 1901, error: undefined, line: undefined },
    ],
    [
      'copies that double each other',
      `FROM golang AS s0\nRUN go build -o /x/a\n${lines(60, (index) => `FROM debian:12 AS s${index + 1}\nCOPY --from=s${index} /x /x\nCOPY --from=s${index} /x /x/x\nCOPY --from=s${index} / /`)}`,
      { instructions: 242, error: undefined, line: undefined },
    ],
  ])('%s', (_title, text, outcome) => {
    expect(readAll(text)).toEqual(outcome)
  })
  test('20,000 nested variables stay as they are written', () => {
    const text = `${'${A:-'.repeat(20_000)}x${'}'.repeat(20_000)}`
    expect(expandVariables(text, {})).toContain('${A:-')
    expect(expandVariables('${A:-${B:-c}}', {})).toBe('c')
  })
  test('a usual file of many instructions is read to its end', () => {
    const text = `FROM a\n${lines(1999, () => 'RUN a')}`
    expect(readAll(text)).toEqual({ instructions: 2000, error: undefined, line: undefined })
  })
  test('a path is followed through all copies, each place once', () => {
    const text =
      'FROM a AS one\nFROM b AS two\nCOPY --from=one /x /y\nFROM b\nCOPY --from=one /x /z\nCOPY --from=two /y /z\nCOPY --from=two /y /w\n'
    expect(landings(modelOf(parseStages(text).value, 2, files), 0, '/x')).toEqual(['/z', '/w'])
  })
})
