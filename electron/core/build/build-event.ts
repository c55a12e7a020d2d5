/** What the engine reports while it builds, whichever builder it has. Times are milliseconds since 1970. */
export type BuildEvent =
  | {
      readonly kind: 'vertex'
      readonly digest: string
      readonly name: string
      readonly inputs: readonly string[]
      readonly cached: boolean
      readonly startedMs: number | undefined
      readonly completedMs: number | undefined
      readonly error: string
    }
  | { readonly kind: 'log'; readonly vertex: string; readonly text: string }
  | { readonly kind: 'image'; readonly imageId: string }
  | { readonly kind: 'error'; readonly message: string }
