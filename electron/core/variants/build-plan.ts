import { composeDockerfiles } from './composite'
import type { Variant } from './variant'

/** How one variant is handed to the engine. */
export interface VariantBuild {
  readonly variant: Variant
  /** Path in the project of the Dockerfile that is sent, or whose place the text takes. */
  readonly dockerfile: string
  /** Text that is sent instead of that file; undefined when the one on disk is. */
  readonly dockerfileText: string | undefined
  readonly target: string | undefined
  /** What stage labels start with in the engine's trace. */
  readonly stagePrefix: string
  /** From a line of the Dockerfile that the engine sees to the variant's own; undefined where there is none. */
  readonly originalLine: (line: number) => number | undefined
}

/**
 * Files on disk are built as they are. As soon as one variant of a context is derived, or has named contexts, all of that context go into
 * one composite file under the name of the project's own Dockerfile.
 */
export function planBuilds(variants: readonly Variant[]): VariantBuild[] {
  return variants.map((variant) => {
    const together = variants.filter((other) => other.context === variant.context)
    if (together.every(isAsOnDisk)) return asOnDisk(variant)
    const composite = composeDockerfiles(together)
    const part = composite.parts[together.indexOf(variant)]!
    const host = together.find((other) => other.derivation === undefined && isInContext(other)) ?? variant
    return {
      variant,
      dockerfile: host.path,
      dockerfileText: composite.text,
      target: part.target,
      stagePrefix: part.prefix,
      originalLine: (line) => part.originalLine[line] || undefined,
    }
  })
}

const isAsOnDisk = ({ derivation, staged }: Variant): boolean =>
  derivation === undefined && Object.keys(staged.inputs.contexts).length === 0

function asOnDisk(variant: Variant): VariantBuild {
  return {
    variant,
    dockerfile: variant.path,
    dockerfileText: undefined,
    target: variant.target === variant.staged.stages.length - 1 ? undefined : targetName(variant),
    stagePrefix: '',
    originalLine: (line) => line,
  }
}

/** A stage without a name is a target by its number. */
const targetName = ({ staged, target }: Variant): string => staged.stages[target]!.name ?? String(target)

const isInContext = ({ path, context }: Variant): boolean => context === '' || path.startsWith(`${context}/`)
