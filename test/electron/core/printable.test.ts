import { expect, test } from 'vitest'
import { stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { printable, printableJson, printableLine } from '../../../electron/core/printable'
import { graphSvg } from '../../../electron/core/report/graph-svg'
import { decodeUtf8 } from '../../../electron/core/utf8'

const harmful =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/

test('nothing that a terminal obeys is left of a text; letters, signs and what breaks lines stay', () => {
  const left: string[] = []
  for (let code = 0; code < 0x10000; code++) {
    const text = String.fromCharCode(code)
    const json = printableJson(JSON.stringify(text))
    const isClean = !harmful.test(printable(text)) && !harmful.test(json) && !/[\n\t]/.test(printableLine(text))
    if (!isClean || JSON.parse(json) !== text) left.push(code.toString(16))
  }
  expect(left).toEqual([])
  const words = 'a\tb\nünï 名前 … “x” \u{1f600} →'
  expect(printable(words)).toBe(words)
  expect(printable('a\r\nb\rc')).toBe('a\nb\\x0dc')
  expect(printable('\x1b]52;c;x\x07\x9b31m\u202e\b')).toBe('\\x1b]52;c;x\\x07\\x9b31m\\u202e\\x08')
  expect(printableLine(decodeUtf8(Uint8Array.from([0x61, 0xff, 10])))).toBe('a\\xff\\x0a')
  expect(printableLine(decodeUtf8(Uint8Array.from([0x80])))).toBe('\\x80')
})

test('a drawing is XML, whatever stages and files are called', () => {
  const { value } = parseStages('FROM debian AS a\nADD https://x.example/\u001b[31m"<&>\uffff\u202e /x\n')
  const svg = graphSvg([{ title: 'Dockerfile.\u001b\u0085\ud800"<', graph: stageGraph(value) }])
  expect(svg).not.toMatch(harmful)
  expect(svg).not.toMatch(/[\ud800-\udfff]/)
  expect(svg).toContain('Dockerfile.\\x1b\\x85\\ud800&quot;&lt;')
})
