import { assertNever } from '../../diagnostic'

/** What deriving does at the moment. */
export type DeriveProgress =
  | { readonly step: 'building' | 'deriving' | 'checking' }
  | { readonly step: 'repairing'; readonly round: number }

/** One line about it. */
export function deriveStepText(progress: DeriveProgress): string {
  switch (progress.step) {
    case 'building':
      return 'Building the image to derive from …'
    case 'deriving':
      return 'Deriving a variant from its files …'
    case 'checking':
      return 'Building and checking the derived image …'
    case 'repairing':
      return `Repairing the derived variant, round ${progress.round} …`
    default:
      return assertNever(progress)
  }
}
