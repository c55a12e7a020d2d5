import type { ImageFacts } from '../compare/facts'
import type { Failure } from '../failure'
import type { Examination } from '../surface/examine'
import { type SurfaceCategory, surfaceCategories } from '../surface/surface'

/** What one image is, in figures that can stand beside another's. */
export interface ImageSummary {
  readonly unpackedBytes: number
  readonly visibleBytes: number
  /** Compressed, where the source has it so; else null. */
  readonly transferBytes: number | null
  readonly entries: number
  readonly layers: number
  readonly surface: Readonly<Record<SurfaceCategory, number>>
  /** What keeps it from running, seen in its files. */
  readonly problems: number
}

/** One of several variants: what it is, and what came of its build. */
export interface Rung {
  readonly id: string
  readonly title: string
  readonly isEdited: boolean
  readonly outcome: RungOutcome
}

export type RungOutcome =
  | ({
      readonly ok: true
      readonly imageId: string
      readonly reference: string
      /** Wall time of its build alone, base image pulls apart. */
      readonly buildMs: number
      readonly steps: number
      readonly cachedSteps: number
    } & ImageSummary)
  | { readonly ok: false; readonly failure: Failure }

export function imageSummary(
  facts: Pick<ImageFacts, 'unpackedBytes' | 'visibleBytes' | 'transferBytes' | 'entries' | 'layers'>,
  { surface }: Pick<Examination, 'surface'>,
  problems: number,
): ImageSummary {
  const counts = surfaceCategories.map((category) => [category, surface[category].length] as const)
  return {
    unpackedBytes: facts.unpackedBytes,
    visibleBytes: facts.visibleBytes,
    transferBytes: facts.transferBytes,
    entries: facts.entries,
    layers: facts.layers.length,
    surface: Object.fromEntries(counts) as Record<SurfaceCategory, number>,
    problems,
  }
}
