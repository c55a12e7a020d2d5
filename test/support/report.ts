import type { CompareReport, ReportedVariant } from '../../electron/core/report/compare-report'
import type { RunOutcome } from '../../electron/core/run/run'

const variant = (role: 'before' | 'after', more: Partial<ReportedVariant>): ReportedVariant => ({
  role,
  name: role === 'before' ? 'traditional' : 'multi-stage',
  dockerfile: role === 'before' ? 'Dockerfile' : 'Dockerfile.multistage',
  derived: false,
  buildSeconds: 12.5,
  steps: 5,
  cachedSteps: 2,
  imageId: 'sha256:1',
  reference: `shop:${role}`,
  unpackedBytes: 1000,
  visibleBytes: 900,
  transferBytes: null,
  diskBytes: null,
  base: null,
  entries: 10,
  wastedBytes: 100,
  efficiency: 0.9,
  source: 'tar-split',
  layers: [],
  problems: null,
  findings: null,
  ...more,
})

/** A run that ended with exit code 0 and of which nothing more is known. */
export const plainRun: RunOutcome = {
  end: 'exited',
  exitCode: 0,
  problem: undefined,
  stdout: '',
  stderr: '',
  stdoutBytes: 0,
  stderrBytes: 0,
  firstOutputMs: undefined,
  durationMs: 1200,
  peakMemoryBytes: undefined,
  ports: undefined,
  answer: undefined,
}

/** A report in which nothing was asked for beyond the comparison. */
export const smallReport: CompareReport = {
  schemaVersion: 1,
  project: '/shop',
  engine: { name: 'Docker', version: '28', address: 'unix:///x' },
  standIns: [],
  variants: [
    variant('before', {}),
    variant('after', { unpackedBytes: 500, visibleBytes: 500, wastedBytes: 0, entries: 4 }),
  ],
  comparison: {
    kept: { bytes: 300, entries: 3 },
    removed: { bytes: 500, entries: 6 },
    added: { bytes: 0, entries: 0 },
    changed: { beforeBytes: 100, afterBytes: 200, entries: 1 },
    ratio: 2,
    ledger: null,
    surface: null,
    packages: null,
    residue: null,
    givenUp: null,
  },
  run: null,
  matrix: null,
  vulnerabilities: null,
}

const residueFile = (path: string, secret: string | null) => ({
  path,
  contentBytes: 9,
  layer: 1,
  node: 1,
  createdBy: 'COPY . .',
  secret,
  isInOther: false,
})
const line = (
  category: 'shells' | 'compilers' | 'setuid' | 'packages' | 'debuggers',
  before: number,
  after: number,
) => ({
  category,
  before,
  after,
  both: 0,
  gone: [],
  stays: [],
  added: [],
})
const cell = (medianMs: number) => ({
  runsMs: [medianMs],
  medianMs,
  lowestMs: medianMs - 500,
  highestMs: medianMs + 500,
  steps: 5,
  cachedSteps: 4,
})
const cost = { layers: 1, unpackedBytes: 3000, transferBytes: 1000 }

/** A report in which everything was asked for. */
export const fullReport: CompareReport = {
  ...smallReport,
  standIns: ['golang:1.24', 'debian:12'],
  variants: [
    variant('before', { transferBytes: 700 }),
    variant('after', {
      unpackedBytes: 500,
      entries: 1,
      problems: [
        {
          rule: 'loader-missing',
          severity: 'error',
          path: '/app',
          line: 7,
          what: '/app needs a loader.',
          why: 'no such file',
          fix: 'Link it statically.',
        },
        {
          rule: 'link-dangling',
          severity: 'warning',
          path: '/x',
          line: null,
          what: '/x leads nowhere.',
          why: 'no such file',
          fix: 'COPY its target.',
        },
      ],
    }),
  ],
  comparison: {
    ...smallReport.comparison,
    ledger: [
      { class: 'shipped', bytes: 300, entries: 3 },
      { class: 'toolchain', bytes: 100, entries: 1 },
      { class: 'docs', bytes: 50, entries: 1 },
      { class: 'baseSystem', bytes: 350, entries: 3 },
      { class: 'packageCache', bytes: 200, entries: 3 },
      { class: 'source', bytes: 0, entries: 1 },
    ],
    surface: [
      line('shells', 1, 0),
      line('compilers', 0, 2),
      line('setuid', 3, 3),
      line('packages', 90, 1),
      line('debuggers', 0, 0),
    ],
    residue: {
      before: { files: 0, bytes: 0, list: [] },
      after: { files: 2, bytes: 18, list: [residueFile('/id_rsa', 'private key'), residueFile('/a', null)] },
    },
    givenUp: [
      {
        what: 'exec',
        missing: 'a shell',
        usedBy: 'docker exec',
        instead: 'Look from outside.',
        command: 'docker run x',
      },
      { what: 'start', missing: 'pip', usedBy: 'the command', instead: 'Do it while building.', command: '' },
    ],
  },
  run: {
    request: { input: '', seconds: 10, port: 80, path: '/', hasNetwork: false },
    before: {
      ...plainRun,
      end: 'answered',
      exitCode: undefined,
      firstOutputMs: 100,
      peakMemoryBytes: 2_000_000,
      ports: [80, 443],
      answer: { status: 200, contentType: '', body: '' },
    },
    after: { ...plainRun, ports: [] },
    differences: [{ kind: 'output' }],
    diff: Array.from({ length: 41 }, (_, at) => `+line ${at + 1}`),
  },
  matrix: {
    runs: 3,
    rows: [
      { case: 'cold', edited: undefined, before: cell(9000), after: cell(2000) },
      { case: 'source', edited: 'main.go', before: cell(2000), after: cell(9000) },
    ],
    ship: {
      before: { whole: cost, source: { ...cost, layers: 2 }, dependency: undefined },
      after: { whole: cost, source: cost, dependency: undefined },
    },
  },
  vulnerabilities: {
    scanner: 'grype',
    before: { counts: { critical: 1, high: 2, medium: 3, low: 4, unknown: 5 }, worst: [] },
    after: { counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: 1 }, worst: [] },
  },
  redactedValues: 1,
}
