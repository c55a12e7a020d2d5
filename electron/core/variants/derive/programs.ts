import { joinPath } from '../../dockerfile/stage-state'
import { unquote } from '../../dockerfile/words'
import { decodeUtf8 } from '../../utf8'
import type { BuiltEvidence } from './evidence'
import { shell } from './path-rules'

/** Paths that the image runs, as they are called, and what calls each. */
export type Programs = ReadonlyMap<string, string>

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const largestScript = 300_000

/** What the command, the health check and the scripts that they start call; programs of packages are not looked into. */
export async function findPrograms(
  image: BuiltEvidence,
  isOwned: (path: string) => boolean,
): Promise<{ readonly programs: Programs; readonly texts: ReadonlyMap<string, string> }> {
  const search = new ProgramSearch(image)
  const { entrypoint = [], command = [], healthcheck } = image.settings
  search.addVector([...entrypoint, ...command], 'the command')
  const [kind, ...test] = healthcheck?.test ?? []
  if (kind === 'CMD') search.addVector(test, 'HEALTHCHECK')
  if (kind === 'CMD-SHELL') {
    search.addWord(image.settings.shell[0] ?? '/bin/sh', 'HEALTHCHECK')
    for (const word of commandWords(test[0] ?? '')) search.addWord(word, 'HEALTHCHECK', true)
  }
  const texts = new Map<string, string>()
  for (let path = search.next(); path !== undefined; path = search.next()) {
    const file = image.files.resolve(path)
    if (file?.kind !== 'file' || file.bytes > largestScript) continue
    const bytes = await image.read(file.path)
    if (bytes === undefined || bytes[0] !== 0x23 || bytes[1] !== 0x21) continue
    const text = decodeUtf8(bytes)
    texts.set(file.path, text)
    const [, program = '', rest = ''] = /^#!\s*(\S+)[ \t]*(.*)/.exec(text) ?? []
    const why = `first line of ${path}`
    search.addWord(program, why)
    let name = program.split('/').at(-1)!
    if (name === 'env') {
      name = rest.split(/\s+/).find((word) => !/^-|=/.test(word)) ?? ''
      search.addWord(name, why)
    }
    if (shell.test(name) && !isOwned(file.path))
      for (const word of commandWords(text)) search.addWord(word, `called in ${path}`, true)
  }
  return { programs: search.found, texts }
}

class ProgramSearch {
  readonly found = new Map<string, string>()
  readonly #image: BuiltEvidence
  readonly #left: string[] = []

  constructor(image: BuiltEvidence) {
    this.#image = image
  }

  next(): string | undefined {
    return this.#left.shift()
  }

  /** The words of a command in exec form; behind a shell's -c there is a script. */
  addVector(words: readonly string[], why: string): void {
    const script = shell.test((words[0] ?? '').split('/').at(-1)!)
      ? words.findIndex((word) => /^-\w*c$/.test(word)) + 1
      : 0
    const entrypoint = this.#image.settings.entrypoint?.length ?? 0
    words.forEach((word, at) => {
      if (script > 0 && at === script) for (const inner of commandWords(word)) this.addWord(inner, why, true)
      else if (script > 0 && at > script) return
      else if (at === 0 || at === entrypoint) this.addWord(word, why, at > 0)
      else if (/\/|\.\w+$/.test(word)) this.addWord(word, why, true)
    })
  }

  /** A program in PATH, or, where `isFile`, any file that the word names. */
  addWord(word: string, why: string, isFile = false): void {
    const { files, settings } = this.#image
    const places = word.includes('/')
      ? [joinPath(settings.workdir || '/', word)]
      : (settings.env.PATH ?? defaultPath).split(':').map((folder) => joinPath(folder, word))
    const program = places.find((place) => {
      const file = files.resolve(place)
      return file?.kind === 'file' && (file.mode & 0o111) !== 0
    })
    const named = joinPath(settings.workdir || '/', word)
    const path =
      program ?? (isFile && /\/|\.\w+$/.test(word) && files.resolve(named)?.kind === 'file' ? named : undefined)
    if (word === '' || path === undefined || this.found.has(path)) return
    this.found.set(path, why)
    this.#left.push(path)
  }
}

const wrapper =
  /^(if|while|until|!|exec|command|nohup|time|env|sudo|xargs|elif|then|do|else|\.|source|setsid|nice|tini|dumb-init|--|-\w+|\d+|\w+=.*)$/
const userWrapper = /^(gosu|su-exec|chpst|timeout|runuser)$/
const runner = /^((ba|da|a)?sh|python[\d.]*|node|ruby|perl|php|java)$/

/** The first words of all simple commands of a shell script, and the scripts that interpreters in it are given. */
export function commandWords(script: string): string[] {
  const found: string[] = []
  const text = script.replace(/\\\n/g, ' ').replace(/(^|\s)#.*$/gm, '$1')
  for (const part of text.split(/\n|;|&&|\|\|?|\$\(|`|\(|\)|\{\s|\bthen\b|\bdo\b|\belse\b|&(?!\d)/)) {
    const words = part.trim().split(/\s+/)
    while (words.length > 1 && (wrapper.test(words[0]!) || userWrapper.test(words[0]!))) {
      const isUser = userWrapper.test(words[0]!)
      if (isUser || /^(env|tini|dumb-init|xargs|sudo|nice|setsid|nohup)$/.test(words[0]!)) found.push(words[0]!)
      words.splice(0, isUser ? 2 : 1)
    }
    const first = unquote(words[0] ?? '')
    if (first === '') continue
    found.push(first)
    if (runner.test(first.split('/').at(-1)!))
      found.push(
        ...words
          .slice(1)
          .filter((word) => /[./]/.test(word))
          .map(unquote),
      )
  }
  return found
}
