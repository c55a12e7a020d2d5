import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { graphSvg } from '../../../electron/core/report/graph-svg'
import { graphText } from '../../../electron/core/report/graph-text'

const corpus = join(import.meta.dirname, '../../corpus/graph')
const names = readdirSync(corpus).filter((name) => name.endsWith('.Dockerfile'))

test.each(names)(
  '%s: stages, what gives files to what, and what is wrong; a person has read what is kept',
  async (name) => {
    const { value, diagnostics } = parseStages(readFileSync(join(corpus, name), 'utf8'))
    const problems = diagnostics.map(
      ({ severity, place, message }) => `${place.line}:${place.column} ${severity}: ${message}`,
    )
    const text = [graphText(stageGraph(value)), ...problems, ''].join('\n')
    await expect(text).toMatchFileSnapshot(join(corpus, name.replace(/Dockerfile$/, 'graph')))
  },
)

test('the drawing has a box for each node, a line for each edge, and nothing that a name could break', () => {
  const { value } = parseStages(
    'FROM <a&b>:"1" AS x\nFROM scratch\nCOPY --from=x /a /a\nCOPY . .\nADD https://e.org/?a=1&b=2 /\n',
  )
  const graph = stageGraph(value)
  const svg = graphSvg([{ title: 'A <Dockerfile>', graph }])
  expect(svg.match(/<rect x=/g)).toHaveLength(graph.nodes.length)
  expect(svg.match(/marker-end/g)).toHaveLength(graph.edges.length)
  expect(svg).toContain('A &lt;Dockerfile&gt;')
  expect(svg.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
})
