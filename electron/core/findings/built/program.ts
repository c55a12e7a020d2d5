import { joinPath } from '../../dockerfile/stage-state'
import { splitWords, unquote } from '../../dockerfile/words'
import { isElf } from '../../image/elf'
import { entryKind } from '../../image/layer-table'
import type { RuleId } from '../rules'
import type { BuiltFinding, BuiltImage } from './built-image'

/** A program of the image: the path that was asked for, and where it is. */
export interface FoundProgram {
  readonly asked: string
  readonly path: string
  readonly bytes: Uint8Array | undefined
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const shellWords =
  /^(alias|cd|command|echo|eval|exec|exit|export|false|for|if|kill|printf|read|set|source|test|trap|true|type|ulimit|umask|unset|until|wait|while|\.|\[|\[\[|:|!)$/
const wrappers = /^(tini|dumb-init|env|nice|gosu|su-exec|catatonit)$/

/** What the image starts, and after it what that starts in turn: a shell's command, a wrapper's, a script's interpreter. */
export async function findPrograms(image: BuiltImage): Promise<{ programs: FoundProgram[]; findings: BuiltFinding[] }> {
  const programs: FoundProgram[] = []
  let words: readonly string[] = [...image.run.entrypoint, ...image.run.command]
  if (words.length === 0) return { programs, findings: [noCommand] }
  for (let depth = 0; depth < 6 && words.length > 0; depth++) {
    const found = locate(image, words[0]!)
    if ('rule' in found) return { programs, findings: [found] }
    const bytes = await image.read(found.path)
    programs.push({ asked: words[0]!, path: found.path, bytes })
    const script = bytes && !isElf(bytes) ? scriptOf(image, found.path, bytes) : undefined
    if (script && 'rule' in script) return { programs, findings: [script] }
    const missing = missingArgument(image, words)
    if (missing) return { programs, findings: [missing] }
    words = script ? script.words : startedBy(words)
  }
  return { programs, findings: [] }
}

const noCommand: BuiltFinding = {
  rule: 'no-command',
  severity: 'warning',
  path: '',
  what: 'The image has no command.',
  why: 'docker: Error response from daemon: No command specified.',
  fix: 'Add ENTRYPOINT ["/program"] to the final stage.',
}

/** Where a word of a command leads, as the engine looks for it. */
function locate({ run, paths, rootfs }: BuiltImage, word: string): { path: string } | BuiltFinding {
  const folders = (run.env.PATH ?? defaultPath).split(':')
  const places = word.includes('/')
    ? [joinPath(run.workdir || '/', word)]
    : folders.map((folder) => joinPath(folder, word))
  const resolved = places.map((place) => paths.resolve(place))
  const found = resolved.find((each) => each.node !== undefined && rootfs.kind[each.node] === entryKind.file)
  if (found?.node === undefined) {
    const where = word.includes('/')
      ? ((resolved[0] as { problem?: string }).problem ?? 'it is a folder')
      : `it isn’t on the PATH (${folders.join(':')})`
    return {
      rule: 'program-missing',
      severity: 'error',
      path: word,
      what: `The image runs ${word}, but ${where}.`,
      why: `exec: "${word}": executable file not found`,
      fix: 'COPY it from the stage that builds it, or use a base image that includes it.',
    }
  }
  const table = rootfs.layers[rootfs.layer[found.node]!]!
  if ((table.mode[rootfs.layerNode[found.node]!]! & 0o111) !== 0) return { path: found.path }
  return {
    rule: 'program-not-executable',
    severity: 'error',
    path: found.path,
    what: `The image runs ${word}, which isn’t executable.`,
    why: `exec: "${word}": permission denied`,
    fix: 'Use COPY --chmod=755, or RUN chmod +x where the file is created.',
  }
}

/** The command behind a shell's -c, or behind a wrapper; none where it cannot be told. */
function startedBy(words: readonly string[]): readonly string[] {
  const name = words[0]!.split('/').at(-1)!
  if (/^(ba|da|a)?sh$/.test(name) && /^-\w*c$/.test(words[1] ?? '')) {
    const text = (words[2] ?? '').replace(/^\s*exec\s+/, '')
    if (/[;&|<>$`(){}\n]/.test(text)) return []
    const all = splitWords(text).map(unquote)
    const at = all.findIndex((word) => !/^\w+=/.test(word))
    const inner = at < 0 ? [] : all.slice(at)
    return shellWords.test(inner[0] ?? '') ? [] : inner
  }
  if (!wrappers.test(name)) return []
  const rest = words.slice(1)
  const isUserGiven = name === 'gosu' || name === 'su-exec'
  const at = rest.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word))
  return at < 0 ? [] : rest.slice(at + (isUserGiven ? 1 : 0))
}

/** The interpreter that the first line of a script names; a finding where it names none. */
function scriptOf(image: BuiltImage, path: string, bytes: Uint8Array): { words: string[] } | BuiltFinding {
  const first = String.fromCharCode(...bytes.subarray(0, 256)).split('\n')[0]!
  const problem = (rule: RuleId, what: string, why: string, fix: string): BuiltFinding => ({
    rule,
    severity: 'error',
    path,
    what,
    why,
    fix,
  })
  if (!first.startsWith('#!'))
    return problem(
      'script-without-interpreter',
      `${path} isn’t an executable file and has no #! line.`,
      `exec ${path}: exec format error`,
      'Add #!/bin/sh as the first line.',
    )
  if (first.endsWith('\r'))
    return problem(
      'script-with-carriage-returns',
      `${path} has CRLF line endings.`,
      `exec ${path}: no such file or directory`,
      'Save the script with LF line endings.',
    )
  const words = first.slice(2).trim().split(/\s+/)
  const found = locate(image, words[0]!)
  if (!('rule' in found))
    return { words: words[0]!.endsWith('/env') ? words.filter((word) => word !== '-S') : words.slice(0, 1) }
  return problem(
    'script-interpreter-missing',
    `${path} needs ${words[0]}, which isn’t in the image.`,
    `exec ${path}: no such file or directory`,
    'Use a base image that includes it, or change the first line of the script.',
  )
}

/** A file that an interpreter is given to run. */
function missingArgument({ run, paths }: BuiltImage, words: readonly string[]): BuiltFinding | undefined {
  const name = words[0]!.split('/').at(-1)!
  if (!/^(python[\d.]*|node|java|ruby|php|perl)$/.test(name)) return undefined
  const at =
    name === 'java' ? words.indexOf('-jar') + 1 : words.findIndex((word, index) => index > 0 && !word.startsWith('-'))
  const file = at > 0 ? words[at] : undefined
  const isBehindFlag = name !== 'java' && /^-[mceW]$/.test(words[at - 1] ?? '')
  if (file === undefined || isBehindFlag || !/\.(py|js|mjs|cjs|jar|rb|php|pl)$/.test(file)) return undefined
  const place = paths.resolve(joinPath(run.workdir || '/', file))
  if (place.node !== undefined) return undefined
  return {
    rule: 'script-missing',
    severity: 'error',
    path: file,
    what: `The image runs ${name} ${file}, but ${file} isn’t in the image.`,
    why: `${name}: cannot open ${joinPath(run.workdir || '/', file)}`,
    fix: 'COPY the file, or set WORKDIR to the folder that contains it.',
  }
}
