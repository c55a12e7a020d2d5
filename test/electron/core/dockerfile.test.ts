import { describe, expect, test } from 'vitest'
import { externalImages, reachableStages, stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseDockerfile } from '../../../electron/core/dockerfile/parse'
import { canonicalReference, parseReference } from '../../../electron/core/dockerfile/reference'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { stageSteps } from '../../../electron/core/dockerfile/steps'

const problems = (text: string): string[] =>
  parseStages(text).diagnostics.map(({ span, message }) => `${span.startLine}: ${message}`)

test('instructions keep their lines; continuations are joined, comments and here-document bodies dropped', () => {
  const { value } = parseDockerfile(
    'FROM a\nRUN one \\\n  # why\n  && two\nCOPY --chmod=644 <<A /x\nbody\nA\nCMD ["x"]\n',
  )
  const seen = value.instructions.map(({ keyword, flags, argumentText, span }) => ({
    keyword,
    flags,
    argumentText,
    span,
  }))
  expect(seen).toEqual([
    { keyword: 'FROM', flags: [], argumentText: 'a', span: { startLine: 1, endLine: 1 } },
    { keyword: 'RUN', flags: [], argumentText: 'one    && two', span: { startLine: 2, endLine: 4 } },
    {
      keyword: 'COPY',
      flags: [{ name: 'chmod', value: '644' }],
      argumentText: '<<A /x',
      span: { startLine: 5, endLine: 7 },
    },
    { keyword: 'CMD', flags: [], argumentText: '["x"]', span: { startLine: 8, endLine: 8 } },
  ])
})

describe('a wrong Dockerfile gives a diagnostic with its line', () => {
  test.each([
    ['', ['1: there is no FROM instruction']],
    ['FROM a\nFOO bar', ['2: unknown instruction FOO']],
    ['FROM a b', ['1: FROM takes one image and, at most, “AS name”']],
    ['RUN x\nFROM a', ['1: RUN comes before the first FROM']],
    ['FROM a\nRUN', ['2: RUN needs an argument']],
    ['FROM a\nRUN <<EOF\nnever closed', ['2: the here-document <<EOF is never closed']],
    ['FROM a\nCOPY --from=3 /x /x', ['2: from=3: there is no earlier stage of that number']],
    ['FROM a AS me\nCOPY --from=me /x /x', ['2: from=me names the stage itself']],
    ['FROM a\nCOPY --from=b /x /x\nFROM c AS b', ['2: from=b: that stage is defined later']],
    [
      'FROM a\nCOPY --from=$X /x /x',
      ['2: a variable cannot be used in from=$X; name the stage with FROM ... AS first'],
    ],
    ['FROM $NOTHING', ['1: the base image name is empty or cannot be expanded']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })
})

test('global args with defaults of defaults choose the base image', () => {
  const { value } = parseStages('ARG V=22\nARG BASE=node:${V}-slim\nFROM ${BASE} AS Run\nFROM run\n')
  expect(value.stages.map(({ name, base }) => ({ name, base }))).toEqual([
    { name: 'run', base: { kind: 'image', reference: 'node:22-slim' } },
    { name: undefined, base: { kind: 'stage', index: 0 } },
  ])
})

const multi = `FROM golang AS build
RUN make
FROM node AS unused
RUN npm ci
FROM build AS test
RUN --mount=type=bind,from=build,target=/x true
FROM scratch
COPY --from=build /app /app
COPY --from=nginx:1 /etc/nginx /etc/nginx
`

test('only the stages that the target needs are reached', () => {
  const { value } = parseStages(multi)
  expect([...reachableStages(value.stages, 3)].sort()).toEqual([0, 3])
  expect([...reachableStages(value.stages, 2)].sort()).toEqual([0, 2])
  expect(externalImages(value, 3)).toEqual([
    { reference: 'golang', line: 1 },
    { reference: 'nginx:1', line: 9 },
  ])
})

test('the stage graph has an edge for every base, copy and mount', () => {
  const graph = stageGraph(parseStages(multi).value)
  expect(graph.edges).toEqual([
    { kind: 'base', from: 'image:docker.io/library/golang:latest', to: 'stage:0', line: 1 },
    { kind: 'base', from: 'image:docker.io/library/node:latest', to: 'stage:1', line: 3 },
    { kind: 'base', from: 'stage:0', to: 'stage:2', line: 5 },
    { kind: 'mount', from: 'stage:0', to: 'stage:2', line: 6 },
    { kind: 'base', from: 'scratch', to: 'stage:3', line: 7 },
    { kind: 'copy', from: 'stage:0', to: 'stage:3', line: 8 },
    { kind: 'copy', from: 'image:docker.io/library/nginx:1', to: 'stage:3', line: 9 },
  ])
  expect(graph.nodes.filter((node) => !node.reachable).map((node) => node.id)).toEqual([
    'image:docker.io/library/node:latest',
    'stage:1',
    'stage:2',
  ])
})

test('steps are numbered as BuildKit does: FROM counts only for images, metadata and WORKDIR / take no number', () => {
  const { value } = parseStages('FROM a AS b\nENV X=1\nWORKDIR /x\nRUN y\nCMD z\nFROM b\nWORKDIR /\nCOPY c d\n')
  const numbers = value.stages.map((stage) =>
    stageSteps(stage).map((step) => `${step.number}/${step.of} ${step.keyword}`),
  )
  expect(numbers).toEqual([['1/3 FROM', '2/3 WORKDIR', '3/3 RUN'], ['1/2 COPY']])
})

test('image references are read with ports, tags and digests', () => {
  expect(parseReference('localhost:5000/t/app:1.2')).toEqual({
    registry: 'localhost:5000',
    repository: 't/app',
    tag: '1.2',
    digest: undefined,
  })
  expect(canonicalReference('debian')).toBe('docker.io/library/debian:latest')
  expect(canonicalReference('docker.io/library/debian:latest')).toBe('docker.io/library/debian:latest')
  expect(canonicalReference('ghcr.io/a/b@sha256:00')).toBe('ghcr.io/a/b@sha256:00')
})
