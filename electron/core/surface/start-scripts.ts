import type { FileInterest } from '../image/file-interest'
import type { RunConfig } from '../image/image-config'
import type { RootfsPaths } from '../image/rootfs-paths'
import { decodeUtf8 } from '../utf8'

const largestScriptBytes = 200_000

/** The text of scripts that an image is started with: files that its command names and that begin with `#!`. */
export function startScripts(run: RunConfig, paths: RootfsPaths): FileInterest & { finish(): string[] } {
  const named = [...run.entrypoint, ...run.command].filter((word) => /^\.?\.?\/|\.sh$/.test(word))
  const wanted = new Set(
    named
      .map((word) => paths.resolve(word.startsWith('/') ? word : `${run.workdir}/${word}`))
      .flatMap((found) => (found.node === undefined ? [] : [found.path.slice(1)])),
  )
  const texts: string[] = []
  return {
    wants: ({ path, contentBytes }) => contentBytes <= largestScriptBytes && wanted.has(path),
    take: (_path, bytes) => {
      if (bytes[0] === 0x23 && bytes[1] === 0x21) texts.push(decodeUtf8(bytes))
    },
    finish: () => texts,
  }
}
