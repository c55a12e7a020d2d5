import { describe, expect, test } from 'vitest'
import { stageGraph } from '../../../electron/core/dockerfile/graph'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import type { CompareReport } from '../../../electron/core/report/compare-report'
import { graphSvg } from '../../../electron/core/report/graph-svg'
import { edgeLabel, graphText } from '../../../electron/core/report/graph-text'
import { makeInspectReport, textInspect } from '../../../electron/core/report/inspect-report'
import { textLadder } from '../../../electron/core/report/ladder-text'
import { markdownReport } from '../../../electron/core/report/markdown'
import { runSections } from '../../../electron/core/report/run-sections'
import { textSurface } from '../../../electron/core/report/surface-report'
import { textReport } from '../../../electron/core/report/text-report'
import { detailedVerdict, verdict } from '../../../electron/core/report/verdict'
import { type Surface, surfaceCategories } from '../../../electron/core/surface/surface'
import { fullReport, plainRun, smallReport } from '../../support/report'
import { layer } from '../../support/tar'

const corpus = (name: string): string => `../../corpus/sentences/${name}`

test('a report says what was asked for and nothing more', async () => {
  await expect(textReport(smallReport)).toMatchFileSnapshot(corpus('report-small.txt'))
  await expect(textReport(fullReport)).toMatchFileSnapshot(corpus('report-full.txt'))
  await expect(markdownReport(smallReport)).toMatchFileSnapshot(corpus('report-small.md'))
  await expect(markdownReport(fullReport)).toMatchFileSnapshot(corpus('report-full.md'))
})

/** The small report with other figures. */
const changed = (comparison: Partial<CompareReport['comparison']>, afterBytes = 500): CompareReport => ({
  ...smallReport,
  variants: [smallReport.variants[0]!, { ...smallReport.variants[1]!, unpackedBytes: afterBytes }],
  comparison: { ...smallReport.comparison, ...comparison },
})
const noChange = { removed: { bytes: 0, entries: 0 }, changed: { beforeBytes: 0, afterBytes: 0, entries: 0 } }
const surfaceLine = { both: 0, gone: [], stays: [], added: [] }

describe('the verdict', () => {
  test.each<[string, CompareReport, string]>([
    [
      'smaller',
      smallReport,
      'The multi-stage image is 2.0 times smaller: 1.00 kB against 500 B unpacked, 10 entries against 4 entries.',
    ],
    [
      'the same size',
      changed({}, 1000),
      'The multi-stage image is the same size: 1.00 kB against 1.00 kB unpacked, 10 entries against 4 entries. For this project it does not pay in size.',
    ],
    ['no difference', changed(noChange, 1000), 'No differences: both are 1.00 kB.'],
    [
      'the same entries of another size',
      changed(noChange, 999),
      'The multi-stage image is 0.1 % smaller: 1.00 kB against 999 B unpacked, 10 entries against 4 entries.',
    ],
    ['one variant', { ...smallReport, variants: [smallReport.variants[0]!] }, 'There is nothing to compare.'],
    [
      'one that will not run',
      fullReport,
      'The multi-stage image is 2.0 times smaller: 1.00 kB against 500 B unpacked, 10 entries against 1 entry. But it will not run: /app needs a loader.',
    ],
  ])('%s', (_, report, expected) => {
    expect(verdict(report)).toBe(expected)
  })
  test.each<[string, CompareReport, string | undefined]>([
    ['nothing where the files were not looked into', smallReport, undefined],
    ['nothing without a surface', changed({ ledger: [] }), undefined],
    ['nothing without a ledger', changed({ surface: [] }), undefined],
    [
      'that nothing is left out',
      changed({ ledger: [{ class: 'moved', bytes: 5, entries: 1 }], surface: [] }),
      'Nothing of the image before is left out.',
    ],
    [
      'what is more',
      changed({ ledger: [], surface: [{ category: 'shells', before: 1, after: 3, ...surfaceLine }] }),
      'Nothing of the image before is left out. More: 2 shells.',
    ],
    [
      'what is less',
      changed({ ledger: [], surface: [{ category: 'shells', before: 1, after: 0, ...surfaceLine }] }),
      'Nothing of the image before is left out. Fewer: 1 shell.',
    ],
    [
      'everything',
      fullReport,
      'Left out: 350 B base system, 200 B package caches, 100 B toolchain. Fewer: 1 shell, 89 packages. More: 2 build tools. The image after still carries 1 deleted file that looks like a secret.',
    ],
  ])('and in detail %s', (_, report, expected) => {
    expect(detailedVerdict(report)).toBe(expected)
  })
})

describe('ports and answers of a run are rows where one side has any', () => {
  const answer = { status: 200, contentType: '', body: '' }
  test.each([
    ['neither', {}, {}, []],
    ['ports before', { ports: [80] }, { ports: [] }, [['listens on', '80', 'nothing']]],
    ['ports after', {}, { ports: [80] }, [['listens on', '-', '80']]],
    ['an answer before', { answer }, {}, [['HTTP', '200', 'no answer']]],
    ['an answer after', {}, { answer }, [['HTTP', 'no answer', '200']]],
  ])('%s', (_, before, after, expected) => {
    const sections = runSections({
      request: { input: '', seconds: 1, port: undefined, path: '/', hasNetwork: false },
      before: { ...plainRun, ...before },
      after: { ...plainRun, ...after },
      differences: [],
      diff: [],
    })
    expect(sections).toHaveLength(2)
    const [, rows] = sections
    expect(Array.isArray(rows) ? rows.slice(5) : rows).toEqual(expected)
  })
})

test('a surface is every count, and the beginning of each list that can be read', async () => {
  const items = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, at) => ({ name: `${prefix}${at}`, detail: at === 0 ? 'first' : '' }))
  const none = Object.fromEntries(surfaceCategories.map((category) => [category, []])) as unknown as Surface
  const surface = {
    ...none,
    shells: items(8, '/bin/s'),
    setuid: items(9, '/bin/u'),
    executables: items(1200, '/x'),
    sharedLibraries: items(1, '/l'),
    packages: items(2, 'p'),
  }
  const named = { namespace: '', version: '1', architecture: '', license: '', source: '', section: '', path: '' }
  const hidden = { contentBytes: 1, node: 1, createdBy: '', isInOther: null }
  const text = textSurface({
    schemaVersion: 1,
    imageId: 'sha256:1',
    surface,
    packages: [
      { ...named, type: 'deb', name: 'a' },
      { ...named, type: 'deb', name: 'b' },
    ],
    residue: {
      files: 2,
      bytes: 2,
      list: [
        { ...hidden, path: '/id_rsa', layer: 0, secret: 'private key' },
        { ...hidden, path: '/a', layer: 1, secret: null },
      ],
    },
  })
  await expect(text).toMatchFileSnapshot(corpus('surface.txt'))
})

test('an image is its sizes, layers, largest files and what is not visible', async () => {
  const members = [
    [['a', 'x'.repeat(30)], ['big', 'x'.repeat(50)], ['kept', 'x'.repeat(40)], ['f/']],
    [
      ['a', 'x'.repeat(20)],
      ['.wh.big', ''],
    ],
    [['a', 'x']],
  ] as const
  const configJson = JSON.stringify({
    rootfs: { diff_ids: ['sha256:0', 'sha256:1', 'sha256:2'] },
    history: [{ created_by: 'base' }, { created_by: 'RUN x # buildkit' }, { created_by: '' }],
  })
  const tables = await Promise.all(members.map((each) => layer(each)))
  const parts = { imageId: 'sha256:1', source: 'tar-split' as const, configJson, tables }
  const plain = makeInspectReport(makeImageIndex(parts))
  expect(plain.largest).toEqual([
    { path: '/kept', contentBytes: 40, layer: 0 },
    { path: '/a', contentBytes: 1, layer: 2 },
  ])
  await expect(textInspect(plain)).toMatchFileSnapshot(corpus('inspect.txt'))
  const engine = { base: { name: 'debian:12', layers: 1 }, diskBytes: 9000 }
  const known = makeInspectReport(makeImageIndex({ ...parts, transferBytes: 70 }, engine))
  await expect(textInspect(known)).toMatchFileSnapshot(corpus('inspect-engine.txt'))
})

test('variants side by side: a line each, and why one was not built', () => {
  const surface = Object.fromEntries(surfaceCategories.map((category) => [category, 3])) as Record<
    (typeof surfaceCategories)[number],
    number
  >
  const figures = { unpackedBytes: 5000, visibleBytes: 1, transferBytes: null, entries: 1200, layers: 1, problems: 0 }
  const built = { ok: true as const, imageId: '', reference: '', buildMs: 900, steps: 4, cachedSteps: 3 }
  const text = textLadder([
    { id: 'Dockerfile', title: '', isEdited: false, outcome: { ...built, ...figures, surface } },
    { id: 'other', title: '', isEdited: false, outcome: { ok: false, failure: { code: 'cancelled' } } },
  ])
  expect(text.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
    '  unpacked  entries  programs  packages  build  cached  problems',
    '  Dockerfile  5.00 kB  1,200  3  3  0.9 s  3/4  0',
    '  other  failed',
    'other: Cancelled. Nothing was kept.',
    '',
  ])
})

test('a stage graph in words and as a drawing', async () => {
  const text = [
    'FROM debian AS build',
    'COPY . /src',
    'ADD https://example.org/a.tar /a',
    'FROM build AS unused',
    'FROM scratch',
    'COPY --from=build /a /a',
    'COPY --from=build /b /b',
    'RUN --mount=from=build true',
  ].join('\n')
  const { value } = parseStages(text)
  const graph = stageGraph(value, 2)
  await expect(`${graphText(graph)}\n`).toMatchFileSnapshot(corpus('graph.txt'))
  const stage = graph.nodes.find((node) => node.kind === 'stage')!
  const drawn = [
    {
      title: 'a <b> & "c"',
      graph,
      lineBytes: new Map([
        [6, 10],
        [7, 20],
      ]),
      nodeBytes: { [stage.id]: 1500 },
    },
    { title: 'x'.repeat(300), graph },
  ]
  await expect(graphSvg(drawn)).toMatchFileSnapshot(corpus('graph.svg.txt'))
})

test.each([
  ['copy', [1], undefined, 'COPY --from'],
  ['copy', [1, 2], undefined, '2 × COPY'],
  ['copy', [1, 2], new Map([[1, 5]]), '2 × COPY'],
  [
    'copy',
    [1, 2],
    new Map([
      [1, 5],
      [2, 6],
    ]),
    'COPY 11 B',
  ],
  ['mount', [1], new Map([[1, 5]]), 'RUN --mount'],
  ['base', [1, 2], undefined, ''],
] as const)('beside an edge: %s of %j', (kind, lines, bytes, expected) => {
  expect(edgeLabel({ kind, lines }, bytes)).toBe(expected)
})
