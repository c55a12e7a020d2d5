import type { ComparisonSummary } from '../compare/comparison'
import type { ComparisonFacts, ImageFacts } from '../compare/facts'
import type { Meaning } from '../compare/meaning'
import type { LocatedFinding } from '../findings/built/locate'
import type { Finding } from '../findings/finding'
import { type MeasuredFinding, withBytes } from '../findings/savings/measured'
import type { Matrix } from '../matrix/matrix'
import type { ScanComparison } from '../packages/vulnerabilities'
import type { RunComparison } from '../run/run'

/** The JSON of `cutaway compare`, schema version 1. Documented in docs/json.md. Only additions keep the version. */
export interface CompareReport {
  readonly schemaVersion: 1
  readonly project: string
  readonly engine: ReportedEngine
  /** Base images that were made from Debian packages because no registry answered. */
  readonly standIns: readonly string[]
  readonly variants: readonly ReportedVariant[]
  readonly comparison: ReportedComparison
  /** Both images run the same way; null where that was not asked for. */
  readonly run: RunComparison | null
  /** Build times, and what an edit costs to ship; null where that was not asked for. */
  readonly matrix: Matrix | null
  /** Known vulnerabilities as an installed scanner counts them; null where that was not asked for. */
  readonly vulnerabilities: ScanComparison | null
  /** How many values that look like secrets were replaced by `[redacted]`; absent for none. */
  readonly redactedValues?: number
}

export interface ReportedEngine {
  readonly name: string
  readonly version: string
  readonly address: string
}

export interface BuiltVariant {
  readonly name: string
  readonly role: 'before' | 'after'
  readonly dockerfile: string
  readonly derived: boolean
  readonly buildSeconds: number
  readonly steps: number
  readonly cachedSteps: number
  readonly imageId: string
  readonly reference: string
}

export interface ReportedVariant extends BuiltVariant {
  readonly unpackedBytes: number
  readonly visibleBytes: number
  /** Sum of the layers as a registry stores them, where the engine has them compressed. */
  readonly transferBytes: number | null
  /** On the engine's disk, shared layers counted. */
  readonly diskBytes: number | null
  /** The image it was built on, where the engine has that too, and how many layers that has. */
  readonly base: ImageFacts['base']
  readonly entries: number
  /** Stored in some layer and seen by no container. */
  readonly wastedBytes: number
  /** Visible bytes / stored bytes. */
  readonly efficiency: number
  /** How the layers were read. */
  readonly source: string
  readonly layers: ImageFacts['layers']
  /** What keeps the image from running, seen in its files; null where that was not looked for. */
  readonly problems: readonly LocatedFinding[] | null
  /** What its Dockerfile could do without, what saves most first; null where the files were not looked into. */
  readonly findings: readonly MeasuredFinding[] | null
}

export interface ReportedComparison extends Omit<ComparisonSummary, 'ratio'> {
  readonly ratio: number | null
  /** Every stored byte of *before* in exactly one class; the sum is its `unpackedBytes`. Null where the files were not looked into. */
  readonly ledger: Meaning['ledger'] | null
  /** What an attacker can use, by category; null as above. */
  readonly surface: Meaning['surface'] | null
  readonly packages: Meaning['packages'] | null
  /** Deleted or overwritten in a later layer, and readable by whoever has the image; null as above. */
  readonly residue: Meaning['residue'] | null
  /** What this project uses of the image before, and the one after has not; null as above. */
  readonly givenUp: Meaning['givenUp'] | null
}

export interface CompareReportInput {
  readonly project: string
  readonly engine: ReportedEngine
  readonly standIns: readonly string[]
  readonly before: BuiltVariant
  readonly after: BuiltVariant
  readonly facts: ComparisonFacts
  readonly run?: RunComparison | undefined
  readonly matrix?: Matrix | undefined
  readonly vulnerabilities?: ScanComparison | undefined
  /** Undefined while the files are not looked into. */
  readonly meaning?: Meaning | undefined
  /** Of both Dockerfiles, errors and warnings too. */
  readonly findings?: { readonly before: readonly Finding[]; readonly after: readonly Finding[] } | undefined
  readonly problems?:
    | { readonly before: readonly LocatedFinding[]; readonly after: readonly LocatedFinding[] }
    | undefined
}

export function makeCompareReport(input: CompareReportInput): CompareReport {
  const { facts, problems, meaning } = input
  return {
    schemaVersion: 1,
    project: input.project,
    engine: input.engine,
    standIns: input.standIns,
    variants: (['before', 'after'] as const).map((role) => ({
      ...report(input[role], facts[role], problems?.[role]),
      findings: meaning && input.findings ? withBytes(input.findings[role], meaning.savings[role]) : null,
    })),
    comparison: { ...facts.summary, ratio: facts.summary.ratio ?? null, ...reportedMeaning(meaning) },
    run: input.run ?? null,
    matrix: input.matrix ?? null,
    vulnerabilities: input.vulnerabilities ?? null,
  }
}

/** The parts of a comparison that come from looking into the files. */
export function reportedMeaning(
  meaning: Meaning | undefined,
): Pick<ReportedComparison, 'ledger' | 'surface' | 'packages' | 'residue' | 'givenUp'> {
  if (meaning === undefined) return { ledger: null, surface: null, packages: null, residue: null, givenUp: null }
  const { ledger, surface, packages, residue, givenUp } = meaning
  return { ledger, surface, packages, residue, givenUp }
}

function report(
  variant: BuiltVariant,
  { imageId: _builtAs, ...facts }: ImageFacts,
  problems: readonly LocatedFinding[] | undefined,
): Omit<ReportedVariant, 'findings'> {
  return { ...variant, ...facts, problems: problems ?? null }
}
