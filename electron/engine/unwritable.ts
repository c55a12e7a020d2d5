import { EngineError } from '../core/failure'

/** The failure for an error of writing a file or folder: disk-full, or path-unwritable in words where the error is a usual one. */
export function unwritable(path: string, cause: unknown): EngineError {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new EngineError({ code: 'disk-full', where: path }, { cause })
  return new EngineError({ code: 'path-unwritable', path, detail: usual[code ?? ''] ?? message }, { cause })
}

const usual: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
  EFBIG: 'the file would be too large',
  EPIPE: 'nothing reads from it',
  EIO: 'the disk reports an error',
}
