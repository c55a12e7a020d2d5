import { describe, expect, test } from 'vitest'
import {
  argumentWords,
  assignments,
  execForm,
  expandVariables,
  splitWords,
} from '../../../electron/core/dockerfile/words'

describe('expandVariables', () => {
  const variables = { A: 'one', EMPTY: '' }
  test.each([
    ['$A and ${A}', 'one and one'],
    ['${MISSING:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${EMPTY-fallback}', ''],
    ['${A:+set}', 'set'],
    ['${MISSING:+set}', ''],
    ['${MISSING:-${A}}', 'one'],
    ["'$A'", "'$A'"],
    ['\\$A', '$A'],
    ['${A%.gz}', '${A%.gz}'],
    ['$MISSING', ''],
    ['costs 5$', 'costs 5$'],
    ['${unclosed', '${unclosed'],
    ['$constructor${toString:-own}', 'own'],
  ])('%s', (text, expected) => {
    expect(expandVariables(text, variables)).toBe(expected)
  })
})

test('variables add no more than 2 KiB to a text', () => {
  const [short, long] = ['x'.repeat(2000), 'x'.repeat(2100)]
  expect(expandVariables('a$A', { A: short })).toBe(`a${short}`)
  expect(expandVariables('a$A', { A: long })).toBe('a$A')
  expect(expandVariables(`${long}$A`, { A: short })).toBe(`${long}${short}`)
})

test('the exec form is JSON and nothing else: single quotes and trailing commas make it shell form', () => {
  expect(execForm('["sh", "-c", "echo hi"]')).toEqual(['sh', '-c', 'echo hi'])
  expect(execForm('[ "sh", \'-c\' ]')).toBeUndefined()
  expect(execForm('["a",]')).toBeUndefined()
  expect(execForm('sh -c')).toBeUndefined()
})

test('words split at blanks outside quotes', () => {
  expect(splitWords('a "b c" d\\ e \'f g\'')).toEqual(['a', '"b c"', 'd\\ e', "'f g'"])
  expect(argumentWords('"my file" /dst/')).toEqual(['my file', '/dst/'])
})

test('assignments are read in both forms', () => {
  expect(assignments('A=1 B="x y"')).toEqual([
    { name: 'A', value: '1' },
    { name: 'B', value: '"x y"' },
  ])
  expect(assignments('A some text')).toEqual([{ name: 'A', value: 'some text' }])
  expect(assignments('A')).toEqual([{ name: 'A', value: undefined }])
})
