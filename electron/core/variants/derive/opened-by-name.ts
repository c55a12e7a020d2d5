import { decodeUtf8 } from '../../utf8'
import type { BuiltEvidence } from './evidence'

const scripts = /\.(py|rb|php|pl|pm|lua|js|mjs|cjs)$/
const largestScript = 300_000
const mostScripts = 5000
const opening = /\b(CDLL|cdll|find_library|dlopen|LoadLibrary|load_library|ffi_lib|FFI::cdef|ffi\.load|ffi\.Library)\b/

/** Names of libraries that scripts open while they run: `sqlite3`, `libmagic.so.1`. No ELF file links them. */
export async function namesOfOpenedLibraries(
  image: BuiltEvidence,
  shipped: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const wanted = [...shipped].filter((path) => {
    const file = image.files.get(path)
    return file?.kind === 'file' && scripts.test(path) && file.bytes <= largestScript && !/\/node_modules\//.test(path)
  })
  const found = new Set<string>()
  await image.readAll(new Set(wanted.slice(0, mostScripts)), (_path, bytes) => {
    for (const line of decodeUtf8(bytes).split('\n'))
      if (opening.test(line)) for (const [, name] of line.matchAll(/["']([\w.+-]{2,60})["']/g)) found.add(name!)
  })
  return found
}

/** Whether a library has one of the names: with or without `lib`, `.so` and its version. */
export function isNamed(path: string, names: ReadonlySet<string>): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const plain = /^lib(.+?)\.so(\.[\d.]+)?$/.exec(file)?.[1]
  return (
    plain !== undefined &&
    (names.has(plain) || names.has(`lib${plain}`) || names.has(file) || names.has(`lib${plain}.so`))
  )
}
