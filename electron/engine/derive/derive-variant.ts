import { parseStages } from '../../core/dockerfile/stages'
import { EngineError } from '../../core/failure'
import type { BuiltFinding } from '../../core/findings/built/built-image'
import { buildStageText } from '../../core/variants/derive/build-stage'
import { candidateReferences, type DerivationTarget, scratchFacts } from '../../core/variants/derive/candidates'
import { checkDerived } from '../../core/variants/derive/check'
import {
  Derivation,
  type Derived,
  type DerivedDockerfile,
  type Lessons,
  noLessons,
} from '../../core/variants/derive/derive'
import type { BuiltEvidence, ImageFacts } from '../../core/variants/derive/evidence'
import { needsNoBase } from '../../core/variants/derive/needs-no-base'
import type { DeriveProgress } from '../../core/variants/derive/step-text'
import { type Variant, type VariantDraft, variantFile, variantLabel } from '../../core/variants/variant'
import { type BuildVariantsOptions, buildVariants, type VariantOutcome } from '../docker/build-variants'
import type { EngineClient } from '../docker/client'
import { examineEngineImage } from '../images/examine-images'
import { ImageLease } from '../life/image-lease'
import type { IndexCache } from '../store/index-cache'
import { buildCheckImage } from './build-check-image'
import { type EvidenceOptions, readImageFacts, withEvidence } from './image-evidence'
import { availableBases } from './runtime-bases'

export interface DeriveDeps {
  readonly client: EngineClient
  readonly cache: IndexCache | undefined
  readonly readsEngineFiles: boolean
}

export interface DeriveInput {
  /** The variant whose image is the evidence. */
  readonly before: VariantDraft
  readonly target: DerivationTarget
}

export interface DeriveOptions extends Omit<BuildVariantsOptions, 'referenceOf'> {
  readonly onStep: (progress: DeriveProgress) => void
}

export type DeriveResult =
  | {
      readonly ok: true
      readonly variant: VariantDraft
      readonly dockerfile: DerivedDockerfile
      /** What of the first image the derived one does not have as it should; empty when it was checked and is right. */
      readonly problems: readonly string[]
      readonly before: Extract<VariantOutcome, { ok: true }>
      readonly beforeBytes: number
      readonly afterBytes: number
      /** How often the first attempt was put right. */
      readonly rounds: number
    }
  | { readonly ok: false; readonly problem: string }

const mostRounds = 3

/**
 * Builds a variant, reads its image, derives another variant from what is in it, and builds and checks that. Nothing of a round stays in
 * the engine but its build cache. Throws what buildVariants and readImages throw; a first build that fails is its failure.
 */
export async function deriveVariant(
  deps: DeriveDeps,
  input: DeriveInput,
  options: DeriveOptions,
): Promise<DeriveResult> {
  options.onStep({ step: 'building' })
  const role = 'before' as const
  const { variants } = await buildVariants(deps.client, [{ ...input.before, role }], options)
  const [outcome] = variants
  if (!outcome!.ok) throw new EngineError(outcome!.failure)
  return deriveFromBuilt(deps, { ...input, outcome: outcome! }, options)
}

export interface DeriveBuiltInput extends DeriveInput {
  /** Of the variant, built just now. */
  readonly outcome: Extract<VariantOutcome, { ok: true }>
}

/** The same for a variant that is built already. */
export async function deriveFromBuilt(
  { client, ...reading }: DeriveDeps,
  { before, target, outcome }: DeriveBuiltInput,
  options: DeriveOptions,
): Promise<DeriveResult> {
  const { signal, onStep } = options
  const evidence: EvidenceOptions = { ...reading, signal }
  const build = buildStageText(before.staged, before.target)
  onStep({ step: 'deriving' })
  const base = build.base === 'scratch' ? scratchFacts : (await readImageFacts(client, build.base, evidence)).facts
  return withEvidence(client, outcome.imageId, base.diffIds, evidence, async (image, index) => {
    const candidates = await readCandidates(
      client,
      { target, base, image, file: variantFile(before) },
      evidence,
      options,
    )
    const derivation = new Derivation(image, base, build, target)
    const known = (await examineEngineImage(client, index, signal)).findings
    const rounds = new Rounds({
      client,
      evidence,
      options,
      image,
      outcome,
      derivation,
      candidates,
      known,
      buildName: build.name,
    })
    const result = await rounds.run()
    if (!result.ok) return result
    const { value, problems, afterBytes, count } = result
    const staged = parseStages(value.text, before.staged.inputs).value
    const variant: VariantDraft = {
      ...before,
      id: `${target}:${before.path}`,
      title: `${before.path}, derived: ${target}`,
      name: target,
      derivation: 'derive',
      reasons: value.reasons,
      staged,
      target: staged.stages.length - 1,
    }
    return {
      ok: true,
      variant,
      dockerfile: value,
      problems,
      before: outcome,
      beforeBytes: image.visibleBytes,
      afterBytes,
      rounds: count,
    }
  })
}

async function readCandidates(
  client: EngineClient,
  { target, base, image, file }: { target: DerivationTarget; base: ImageFacts; image: BuiltEvidence; file: string },
  evidence: EvidenceOptions,
  { signal, onMessage, makeStandIn }: DeriveOptions,
): Promise<ImageFacts[]> {
  const references = candidateReferences(target, base.reference, image)
  if (target === 'minimal') return [scratchFacts]
  const available = await availableBases(client, references, file, {
    signal,
    makeStandIn,
    onPull: (reference) => onMessage(`Pulling ${reference} …`),
  })
  const found: ImageFacts[] = []
  for (const reference of available)
    found.push(reference === base.reference ? base : (await readImageFacts(client, reference, evidence)).facts)
  return target === 'multi-stage' && (await needsNoBase(image)) ? [scratchFacts, ...found] : found
}

interface RoundsInput {
  readonly client: EngineClient
  readonly evidence: EvidenceOptions
  readonly options: DeriveOptions
  readonly image: BuiltEvidence
  readonly outcome: Extract<VariantOutcome, { ok: true }>
  readonly derivation: Derivation
  readonly candidates: readonly ImageFacts[]
  /** What keeps the first image from running. */
  readonly known: readonly BuiltFinding[]
  readonly buildName: string
}

type RoundsResult =
  | {
      readonly ok: true
      readonly value: DerivedDockerfile
      readonly problems: readonly string[]
      readonly afterBytes: number
      readonly count: number
    }
  | { readonly ok: false; readonly problem: string }

type CheckResult = Omit<Extract<RoundsResult, { ok: true }>, 'count'> | Extract<RoundsResult, { ok: false }>

/** Derives, builds and checks until nothing is learned, or three times. */
class Rounds {
  readonly #input: RoundsInput
  #lessons: Lessons = noLessons

  constructor(input: RoundsInput) {
    this.#input = input
  }

  async run(): Promise<RoundsResult> {
    const { derivation, candidates, options } = this.#input
    for (let count = 0; ; count++) {
      if (count > 0) options.onStep({ step: 'repairing', round: count })
      const derived: Derived = await derivation.derive(candidates, this.#lessons)
      if (!derived.ok) return derived
      const isLast = count === mostRounds
      const checked = await this.#check(derived.value, isLast)
      if (checked !== undefined) return checked.ok ? { ...checked, count } : checked
    }
  }

  /** Undefined when there is something to put right. */
  async #check(value: DerivedDockerfile, isLast: boolean): Promise<CheckResult | undefined> {
    // The image of a round is needed no longer than the round, and is found again if this process is killed.
    const lease = new ImageLease(this.#input.client)
    try {
      return await this.#checkLeased(value, isLast, lease)
    } finally {
      await lease.release()
    }
  }

  async #checkLeased(value: DerivedDockerfile, isLast: boolean, lease: ImageLease): Promise<CheckResult | undefined> {
    const { client, options, evidence, outcome, derivation, image } = this.#input
    const { signal, onStep } = options
    onStep({ step: 'checking' })
    const built = await buildCheckImage(client, this.#checkText(value), {
      signal,
      label: { [variantLabel]: outcome.reference },
      tag: lease.next(),
    })
    if (!built.ok) {
      if (!isLast && this.#learnFromLog(built.log)) return undefined
      const last = built.log
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .slice(-2)
        .join(' ')
      return { ok: false, problem: `The derived file does not build: ${last}` }
    }
    const { facts: derived, index } = await readImageFacts(client, built.imageId, evidence)
    const { differences, lessons } = checkDerived({
      image,
      owners: derivation.owners,
      classified: await derivation.classified(),
      requirements: value.requirements,
      shipped: value.shipped,
      derived,
      lessons: this.#lessons,
    })
    const findings = (await examineEngineImage(client, index, signal)).findings.filter(
      ({ rule, path }) => !this.#input.known.some((one) => one.rule === rule && one.path === path),
    )
    const isLearned = lessons !== this.#lessons
    this.#lessons = lessons
    if (isLearned && !isLast) return undefined
    const problems = [...differences.map(({ path, what }) => `${path} ${what}.`), ...findings.map(({ what }) => what)]
    return { ok: true, value, problems, afterBytes: index.rootfs.visibleBytes }
  }

  /** The derived lines on top of the image that is built already: no instruction of the user's runs again. */
  #checkText({ lines }: DerivedDockerfile): string {
    const { outcome, buildName } = this.#input
    return `FROM ${outcome.reference} AS ${buildName}\n${lines.map(({ text }) => text).join('\n')}\n`
  }

  #learnFromLog(log: string): boolean {
    const packages = [
      ...log.matchAll(
        /Unable to locate package (\S+)|Package '?(\S+?)'? (?:is not available|has no installation candidate)/g,
      ),
    ]
    const names = packages
      .map(([, one, other]) => one ?? other!)
      .filter((name) => !this.#lessons.copiedPackages.has(name))
    const folder = /cannot (?:replace to|overwrite) directory \S*?\/merged(\/\S+) with file/.exec(log)?.[1]
    const isFolderNew = folder !== undefined && !this.#lessons.cleared.has(folder)
    if (names.length === 0 && !isFolderNew) return false
    this.#lessons = {
      ...this.#lessons,
      copiedPackages: new Set([...this.#lessons.copiedPackages, ...names]),
      cleared: new Set([...this.#lessons.cleared, ...(isFolderNew ? [folder] : [])]),
    }
    return true
  }
}

/** A derived variant as one of the two that are compared. */
export const asRole = (draft: VariantDraft, role: Variant['role']): Variant => ({ ...draft, role })
