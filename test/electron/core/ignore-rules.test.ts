import dockerignore from '@balena/dockerignore'
import { describe, expect, test } from 'vitest'
import { type IgnoreRules, parseIgnoreRules } from '../../../electron/core/context/ignore-rules'

function rulesOf(text: string, isWindows = false): IgnoreRules {
  const rules = parseIgnoreRules(text, { isWindows })
  if ('problem' in rules) throw new Error(rules.problem)
  return rules
}

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('ignore patterns', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['a name is one of the top, with all inside', 'a', ['a', 'a/b'], ['b/a', 'ab']],
    ['slashes at the ends do not count', '/a/', ['a', 'a/b'], ['b/a']],
    ['dots are resolved', './x/../a/./b', ['a/b', 'a/b/c'], ['a', 'x']],
    ['a star stays in its folder', '*.log', ['a.log', '.log', 'a.log/x'], ['b/a.log', 'a.logs']],
    ['two stars are any number of folders', '**/a', ['a', 'x/a', 'x/y/a', 'x/a/y'], ['xa', 'x/ya']],
    ['two stars at the end', 'a/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
    ['two stars between', 'a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['two stars alone', '**', ['a', 'a/b'], []],
    ['a question mark is one character, and no slash', 'a?b', ['axb', 'a😀b'], ['ab', 'a/b']],
    ['classes', '[a-c]x[^0-9]', ['axy', 'cxz'], ['dxy', 'ax1']],
    ['escapes', '\\*\\[a', ['*[a'], ['x[a']],
    ['other characters mean themselves', 'a+(b).{c}$', ['a+(b).{c}$'], ['aa(b)x{c}$']],
    [
      'a byte order mark, comments, blanks, CRLF',
      '\uFEFFa\r\n#b\r\n  c  \r\n #d\r\n',
      ['a', 'c', '#d'],
      ['b', '#b', 'd'],
    ],
    ['the last that matches decides', '*\n!a\na/b', ['x', 'a/b'], ['a', 'a/c']],
    ['an exclamation mark apart from its pattern', '*\n! a\n!', ['x'], ['a']],
    ['capitals differ', 'A', ['A'], ['a']],
    ['the folder itself and what is above match nothing', '.\n/\n..\n../x', [], ['a', 'x']],
  ])('%s', (_title, text, ignored, kept) => {
    const rules = rulesOf(text)
    expect([...ignored, ...kept].filter(rules.ignores)).toEqual(ignored)
  })
  test('on Windows a backslash separates', () => {
    expect(['a/b', 'a'].filter(rulesOf('a\\b', true).ignores)).toEqual(['a/b'])
  })
  test.each([
    ['a\n[', 2],
    ['[]', 1],
    ['[z-a]', 1],
    ['a\\', 1],
  ])('%j is malformed', (text, line) => {
    expect(parseIgnoreRules(text)).toMatchObject({ line })
  })
  test('a folder is entered only where a negated pattern may bring something back', () => {
    const rules = rulesOf('*\n!a/b/c\n!x/**/keep\n!*.md')
    expect(['a', 'a/b', 'a/b/c', 'a/b/c/d', 'x', 'x/y', 'r.md'].filter(rules.mayKeepInside)).toHaveLength(7)
    expect(['b', 'a/c', 'a/b/d', 'ab', 'y/x'].filter(rules.mayKeepInside)).toEqual([])
  })
  test('the same paths are ignored as by @balena/dockerignore', () => {
    const next = sequence(7)
    const pick = (words: readonly string[]): string => words[next(words.length)]!
    const list = (length: number, make: () => string): string[] => Array.from({ length: 1 + next(length) }, make)
    const parts = ['a', 'b', 'ab', '*', '**', 'a*', '*b', '?', '[ab]', 'a.b', '*.b', '[^a]b', '.', '\\a', 'b$']
    const names = ['a', 'b', 'ab', 'ba', 'a.b', 'aab', '.b', 'bb', 'b$', 'aXb']
    for (let round = 0; round < 1000; round++) {
      const lines = list(
        4,
        () => `${pick(['', '', '!', '/'])}${list(3, () => pick(parts)).join('/')}${pick(['', '', '/'])}`,
      )
      const library = dockerignore({ ignorecase: false }).add(lines)
      const rules = rulesOf(lines.join('\n'))
      for (let each = 0; each < 8; each++) {
        const path = list(4, () => pick(names)).join('/')
        expect([lines, path, rules.ignores(path)]).toEqual([lines, path, library.ignores(path)])
      }
    }
  })
  test.each([
    ['stars and letters', `${'*a'.repeat(100)}*b`, 'a'.repeat(200)],
    ['many double stars', `${'**/a*/'.repeat(8)}b`, Array.from({ length: 40 }, () => 'aaaaaaaaaa').join('/')],
    ['double stars before a name', `${'**/'.repeat(8)}x`, Array.from({ length: 40 }, () => 'a').join('/')],
  ])('the time for %s grows with pattern and path alone', (_title, pattern, path) => {
    const rules = rulesOf(pattern)
    const startedMs = performance.now()
    for (let each = 0; each < 5; each++) expect(rules.ignores(path)).toBe(false)
    // Five matches take a few milliseconds; with backtracking they would not end.
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
  test('a file with more wildcards than can be matched is a problem; plain paths are not counted', () => {
    const problem = 'the patterns with wildcards are longer than 32 KiB in total'
    expect(parseIgnoreRules('**/a\n'.repeat(200_000))).toEqual({ line: 8193, problem })
    expect(parseIgnoreRules(`a\n${'*a'.repeat(20_000)}`)).toEqual({ line: 2, problem })
    expect(rulesOf(`${'b/c\n'.repeat(100_000)}${'**/a\n'.repeat(8192)}`).ignores('x/a')).toBe(true)
  })
})
