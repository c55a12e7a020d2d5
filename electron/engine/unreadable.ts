import { EngineError } from '../core/failure'

/** Path-unreadable for what opening or reading a file threw, in words where the code is a usual one; `path` where the error names none. */
export function unreadable(path: string, cause: unknown): EngineError {
  const error = cause as NodeJS.ErrnoException
  const detail = usual[error.code ?? ''] ?? error.message
  return new EngineError({ code: 'path-unreadable', path: error.path ?? path, detail }, { cause })
}

const usual: Readonly<Record<string, string>> = { EACCES: 'permission denied', ENOENT: 'it is not there' }
