import type { BuildSnapshot, StepState } from '../../electron/core/build/build-snapshot'
import { compareImages } from '../../electron/core/compare/comparison'
import { comparisonFacts } from '../../electron/core/compare/facts'
import { packClasses } from '../../electron/core/compare/meaning'
import { packUnionTree } from '../../electron/core/compare/pack-columns'
import { stageGraph } from '../../electron/core/dockerfile/graph'
import { parseStages } from '../../electron/core/dockerfile/stages'
import { type BuiltVariant, makeCompareReport } from '../../electron/core/report/compare-report'
import type { VariantRole } from '../../electron/core/variants/variant'
import type {
  AppState,
  BuildResult,
  ComparisonView,
  EngineStatus,
  ExaminationView,
  ProjectView,
  VariantResult,
  VariantView,
} from '../../electron/ipc/views'
import type { Answers } from './fake-page'
import { ok } from './fake-page'
import type { Member } from './tar'
import { indexOf } from './union'

// What a host tells the page, made small.

export const engine: EngineStatus = {
  kind: 'ready',
  name: 'Docker',
  version: '27.1',
  address: 'unix:///run/docker.sock',
  origin: 'default',
  isPrivate: false,
  sharesNetwork: undefined,
}

export const noEngine: EngineStatus = {
  kind: 'missing',
  failure: { code: 'bad-input', problem: 'no engine answers' },
}

export const appState = (fields: Partial<AppState> = {}): AppState => ({
  host: 'web',
  version: '0.1.0',
  engine,
  examples: [],
  sample: undefined,
  recent: [],
  initialPath: undefined,
  ...fields,
})

const text = 'FROM scratch\nCOPY a /a\n'
const graph = stageGraph(parseStages(text).value)

export const snapshot = (...states: StepState[]): BuildSnapshot => ({
  steps: states.map((state, index) => ({
    stageIndex: 0,
    number: index + 1,
    of: states.length,
    span: { startLine: index + 1, endLine: index + 1 },
    text: `RUN step ${index + 1}`,
    keyword: 'RUN',
    state,
    elapsedMs: state === 'queued' ? 0 : 1000,
    startedMs: undefined,
  })),
  activity: undefined,
  imageId: undefined,
})

export const variant = (role: VariantRole, fields: Partial<VariantView> = {}): VariantView => ({
  role,
  id: `file:Dockerfile.${role}`,
  name: role === 'before' ? 'traditional' : 'multi-stage',
  file: `Dockerfile.${role}`,
  isDerived: false,
  isEdited: false,
  text,
  graph,
  steps: snapshot('queued', 'queued').steps,
  instructions: [],
  reasons: [],
  diagnostics: [],
  findings: [],
  ...fields,
})

export const project = (fields: Partial<ProjectView> = {}): ProjectView => ({
  folder: '/work/shop',
  name: 'shop',
  dockerfiles: ['Dockerfile.before', 'Dockerfile.after'],
  offers: [
    { id: 'file:Dockerfile.before', title: 'Dockerfile.before', file: 'Dockerfile.before' },
    { id: 'file:Dockerfile.after', title: 'Dockerfile.after', file: 'Dockerfile.after' },
    { id: 'copy:Dockerfile.before', title: 'A copy to edit', file: 'Dockerfile.before' },
  ],
  refused: [],
  variants: { before: variant('before'), after: variant('after') },
  problem: undefined,
  ...fields,
})

export const built = (role: VariantRole): VariantResult => ({
  ok: true,
  role,
  imageId: `sha256:${role}`,
  reference: `cutaway/shop:${role}`,
  engineBytes: 1000,
  buildMs: 2000,
  snapshot: snapshot('cached', 'done'),
})

export const buildResult = (fields: Partial<BuildResult> = {}): BuildResult => ({
  standIns: [],
  derived: [],
  before: built('before'),
  after: built('after'),
  ...fields,
})

const reported = (role: VariantRole): BuiltVariant => ({
  name: role === 'before' ? 'traditional' : 'multi-stage',
  role,
  dockerfile: `Dockerfile.${role}`,
  derived: false,
  buildSeconds: 2,
  steps: 2,
  cachedSteps: 1,
  imageId: `sha256:${role}`,
  reference: `cutaway/shop:${role}`,
})

const beforeLayers: readonly (readonly Member[])[] = [
  [
    ['usr/bin/gcc', 'g'.repeat(5000)],
    ['usr/share/doc/gcc/readme.md', 'd'.repeat(40)],
  ],
  [
    ['app/main', 'm'.repeat(30)],
    ['app/old', 'x'],
  ],
]
const afterLayers: readonly (readonly Member[])[] = [[['app/main', 'n'.repeat(50)]], [['app/new', 'n'.repeat(7)]]]

export interface FakeComparison {
  readonly view: ComparisonView
  readonly examination: ExaminationView
  /** What a host answers about it. */
  readonly answers: Answers
}

/** A comparison of two small images, as a host tells it. */
export async function comparison(fields: Partial<ComparisonView> = {}): Promise<FakeComparison> {
  const compared = compareImages(await indexOf('before', beforeLayers), await indexOf('after', afterLayers))
  const facts = comparisonFacts(compared)
  const report = makeCompareReport({
    project: '/work/shop',
    engine: { name: 'Docker', version: '27.1', address: '' },
    standIns: [],
    before: reported('before'),
    after: reported('after'),
    facts,
  })
  const view: ComparisonView = {
    comparisonId: 'comparison-1',
    origin: 'build',
    layerOrigins: undefined,
    isSingle: false,
    facts,
    report,
    ...fields,
  }
  const nodes = compared.tree.parent.length
  const classes = packClasses({ ledger: new Uint8Array(nodes), package: new Int32Array(nodes).fill(-1) })
  return {
    view,
    examination: examination(),
    answers: {
      'comparison.open': () => ok(view),
      'image.open': () => ok(view),
      'comparison.tree': () => ok(packUnionTree(compared.tree)),
      'comparison.examine': () => ok(examination()),
      'image.examine': () => ok(examination()),
      'comparison.classes': () => ok(classes),
      'build.stages': () => ok(null),
      'build.log': ({ step }) => ok([`line of step ${step}`]),
      'engine.status': () => ok(engine),
    },
  }
}

export const examination = (fields: Partial<ExaminationView> = {}): ExaminationView => ({
  ledger: [],
  surface: [],
  packages: [],
  residue: { before: { files: 0, bytes: 0, list: [] }, after: { files: 0, bytes: 0, list: [] } },
  givenUp: [],
  savings: { before: {}, after: {} },
  problems: { before: [], after: [] },
  ...fields,
})
