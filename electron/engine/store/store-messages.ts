import type { Variables } from '../../core/dockerfile/words'
import type { Failure } from '../../core/failure'
import type { RunRequest } from '../../core/run/run'
import type { ReadProgress } from '../images/export-stream'
import type { ImageSource } from '../images/image-source'
import type { CompareRequest, EntryFile, HiddenFile } from './image-store'

/** What the main thread and the store's worker say to each other. */
export type StoreRequest =
  | { readonly id: number; readonly method: 'compare'; readonly request: CompareRequest }
  | { readonly id: number; readonly method: 'summarize'; readonly source: ImageSource }
  | { readonly id: number; readonly method: 'tree'; readonly comparisonId: string }
  | { readonly id: number; readonly method: 'entry'; readonly comparisonId: string; readonly node: number }
  | { readonly id: number; readonly method: 'examine'; readonly comparisonId: string }
  | { readonly id: number; readonly method: 'classes'; readonly comparisonId: string }
  | { readonly id: number; readonly method: 'scan'; readonly comparisonId: string }
  | { readonly id: number; readonly method: 'run'; readonly comparisonId: string; readonly request: RunRequest }
  | { readonly id: number; readonly method: 'file'; readonly comparisonId: string; readonly request: EntryFile }
  | { readonly id: number; readonly method: 'hidden'; readonly comparisonId: string; readonly request: HiddenFile }
  | {
      readonly id: number
      readonly method: 'secrets'
      readonly comparisonId: string
      readonly page: unknown
      readonly given: Variables
    }
  | {
      readonly id: number
      readonly method: 'save'
      readonly comparisonId: string
      readonly page: unknown
      readonly secrets: readonly string[] | undefined
    }
  | { readonly id: number; readonly method: 'openSaved'; readonly path: string }
  | { readonly id: number; readonly method: 'cancel' }

export type StoreReply =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: ReadProgress }
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failure'; readonly failure: Failure }
  | { readonly id: number; readonly kind: 'bug'; readonly stack: string }
