import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { CompareReport } from '../../../electron/core/report/compare-report'
import { markdownReport } from '../../../electron/core/report/markdown'
import { textReport } from '../../../electron/core/report/text-report'
import { readComparisonFile } from '../../../electron/engine/store/comparison-file'
import type { SavedPage } from '../../../electron/ipc/saved-page'

let report: CompareReport
beforeAll(async () => {
  const sample = join(import.meta.dirname, '../../../resources/sample/calculator-go.cutaway')
  report = ((await readComparisonFile(sample))!.page as SavedPage).view.report
})

const cells = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1)

test('Markdown says what the text says: each table with its rows, the verdict first instead of last', () => {
  const markdown = markdownReport(report).split('\n')
  const text = textReport(report).split('\n')
  expect(markdown[0]).toBe(`## ${text.at(-3)}`)
  expect(markdown[2]).toBe(text.at(-2))
  const plain = (line: string): string => line.replace(/\\(.)/g, '$1').replace(/\s+/g, ' ').trim()
  const printed = text.map(plain)
  const rows = markdown.filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  expect(rows.length).toBeGreaterThan(40)
  for (const row of rows) expect(printed).toContain(plain(cells(row).map(plain).join(' ')))
})

test('no name breaks a table, becomes markup or ends a block of code', () => {
  const [before, after] = report.variants
  const odd = { ...before!, dockerfile: 'a|b_c*`d` <e>[f](g)' }
  const run = {
    ...report.run!,
    differences: [{ kind: 'output' as const }],
    diff: ['-```', '+| x |'],
  }
  const markdown = markdownReport({ ...report, variants: [odd, after!], run })
  expect(markdown).toContain('| Dockerfile | a\\|b\\_c\\*\\`d\\` \\<e\\>\\[f\\](g) | Dockerfile.multistage |')
  expect(markdown).toContain('\n````text\n-```\n+| x |\n````\n')
  const table = markdown.slice(
    markdown.indexOf('|  | before'),
    markdown.indexOf('\n\n', markdown.indexOf('|  | before')),
  )
  for (const line of table.split('\n')) expect(cells(line)).toHaveLength(3)
})

test('Markdown shows names as they are: no HTML, no link, no mention, no item, no heading', () => {
  const named = (name: string): string => {
    const [before, after] = report.variants
    const odd = { ...before!, dockerfile: name }
    const line = markdownReport({ ...report, variants: [odd, after!] })
      .split('\n')
      .find((each) => each.startsWith('| Dockerfile |'))!
    return line.split(/ (?<!\\)\| /)[1]!
  }
  expect(named('a|b')).toBe('a\\|b')
  expect(named('<img src=x>')).toBe('\\<img src=x\\>')
  expect(named('&lt;b&gt;')).toBe('\\&lt;b\\&gt;')
  expect(named('https://evil.example/x')).toBe('https\\://evil.example/x')
  expect(named('www.evil.example')).toBe('www\\.evil.example')
  expect(named('@team')).toBe('@<!-- -->team')
  expect(named('a@b.example')).toBe('a\\@<!-- -->b.example')
  expect(named('see #12')).toBe('see \\#<!-- -->12')
  expect(named('![x](y)')).toBe('!\\[x\\](y)')
  expect(named('two\nlines')).toBe('two\\\\x0alines')
  expect(named('\u202egnp')).toBe('\\\\u202egnp')
  expect(named('- item')).toBe('\\- item')
  expect(named('1. item')).toBe('1\\. item')
  expect(named('---')).toBe('\\---')
  expect(named('58.1 %')).toBe('58.1 %')
  expect(named('-5')).toBe('-5')
})
