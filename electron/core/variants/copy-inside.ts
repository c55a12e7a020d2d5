import { flagValue, type Instruction } from '../dockerfile/parse'
import { argumentWords } from '../dockerfile/words'

/** A `COPY --from=stage` as instructions that copy within one file system, and why. */
export interface InsideCopy {
  readonly lines: readonly string[]
  readonly reason: string
}

/**
 * `COPY --from` keeps owner, mode and links, follows a link given as source, and merges a folder's content into the
 * destination; `cp -aH` and a find do the same without changing the destination folder itself. Runs as root, in exec
 * form, because SHELL may differ.
 */
export function copyInside(copy: Instruction): InsideCopy {
  const words = argumentWords(copy.argumentText)
  const destination = words.at(-1) ?? '/'
  const sources = words.slice(0, -1).map((source) => (source.startsWith('/') ? source : `/${source}`))
  if (sources.length === 1 && isSamePlace(sources[0]!, destination))
    return { lines: [], reason: 'Nothing to copy: the files are already there.' }
  const isFolder = destination.endsWith('/') || sources.length > 1 || /[*?[]/.test(sources[0] ?? '')
  const commands = sources.map((source) => copyCommand(source, destination, isFolder))
  const change = changeCommands(copy, sources, destination, isFolder)
  const script = ['set -e', ...commands, ...change].join('; ')
  return {
    lines: [`RUN ${JSON.stringify(['/bin/sh', '-c', script])}`],
    reason: 'Without stages the files are copied inside the one image, and the originals stay too.',
  }
}

function isSamePlace(source: string, destination: string): boolean {
  const trim = (path: string): string => path.replace(/\/+$/, '') || '/'
  return (
    trim(source) === trim(destination) ||
    (destination.endsWith('/') && source === destination + source.split('/').at(-1))
  )
}

function copyCommand(source: string, destination: string, isFolder: boolean): string {
  const from = quote(source)
  const to = quote(destination)
  const copyContent = (folder: string): string =>
    `mkdir -p ${to} && find ${folder}/ -mindepth 1 -maxdepth 1 -exec cp -a -t ${to} {} +`
  const copyFile = isFolder ? `mkdir -p ${to} && cp -aH "$s" ${to}` : `mkdir -p "$(dirname ${to})" && cp -aH "$s" ${to}`
  return `for s in ${from}; do if [ -d "$s" ]; then ${copyContent('"$s"')}; else ${copyFile}; fi; done`
}

function changeCommands(
  copy: Instruction,
  sources: readonly string[],
  destination: string,
  isFolder: boolean,
): string[] {
  const copied = isFolder
    ? sources.map((source) => `${destination.replace(/\/$/, '')}/${source.split('/').at(-1)}`)
    : [destination]
  const paths = copied.map(quote).join(' ')
  const owner = flagValue(copy, 'chown')
  const mode = flagValue(copy, 'chmod')
  return [
    ...(owner ? [`chown -R ${quote(owner)} ${paths}`] : []),
    ...(mode ? [`chmod -R ${quote(mode)} ${paths}`] : []),
  ]
}

/** Quotes for the shell where needed; globs and variables are left to it, as the builder would expand them too. */
const quote = (word: string): string =>
  /^[\w@%+=:,./*?[\]${}-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`
