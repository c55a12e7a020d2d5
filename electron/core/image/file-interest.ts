/** A visible file, before its content is asked for. */
export interface VisibleFile {
  readonly name: string
  readonly contentBytes: number
  readonly isExecutable: boolean
  /** From the root, without a slash in front. */
  readonly path: string
}

/** Somebody who wants to look into some files; they come in no particular order, each once. */
export interface FileInterest {
  wants(file: VisibleFile): boolean
  /** `path` as VisibleFile has it. The bytes are valid during the call only. */
  take(path: string, bytes: Uint8Array): void | Promise<void>
}
