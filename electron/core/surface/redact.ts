import { isSecretFlag, isSecretValue, isTellingName, secretShapes } from './secret-text'

// Reports and saved comparisons are shared. What looks like a secret is taken out of them: values of variables, labels and build arguments
// whose names say so, values of a known form, and each of these values wherever else it is.

/** Stands where a secret was. */
export const redactedMark = '[redacted]'

/** Takes secrets out of reports, and counts them. */
export interface Redactor {
  /** A copy of plain data (JSON) without them. */
  readonly redact: <T>(data: T) => T
  /** All that were taken out so far, each once. */
  readonly found: ReadonlySet<string>
}

/** A redactor for data that has these secrets in it, see findSecrets, and any that are told by their names or forms. */
export function createRedactor(known: Iterable<string> = []): Redactor {
  const found = new Set<string>()
  const take = (secret: string): string => {
    found.add(secret)
    return redactedMark + '\n'.repeat(secret.split('\n').length - 1) // lines keep their numbers
  }
  const { anywhere, assigned } = knownPatterns([...new Set(known)].filter(isSecretValue))
  const text = (given: string): string => {
    let result = given
    for (const pattern of anywhere) result = result.replace(pattern, take)
    for (const pattern of assigned) result = replaceAssigned(result, pattern, take)
    return replaceTold(result, take)
  }
  return { redact: (data) => walk(data, text, take) as typeof data, found }
}

/** Every secret in plain data. `given` are build arguments, by name. */
export function findSecrets(data: unknown, given: Readonly<Record<string, string | undefined>> = {}): string[] {
  const redactor = createRedactor()
  redactor.redact([{ args: given }, data])
  return [...redactor.found]
}

/** Records whose keys are names of variables. */
const namedValues = /^(env|labels|args)$/

/** `["serve", "--password", "x"]` */
const isFlagValue = (word: unknown, before: unknown): word is string =>
  typeof word === 'string' && typeof before === 'string' && isSecretFlag(before) && isSecretValue(word)

function walk(data: unknown, text: (given: string) => string, take: (secret: string) => string, key = ''): unknown {
  if (typeof data === 'string') return text(data)
  if (Array.isArray(data))
    return data.map((each, at) => (isFlagValue(each, data[at - 1]) ? take(each) : walk(each, text, take)))
  if (typeof data !== 'object' || data === null) return data
  const isNamed = namedValues.test(key)
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) =>
      isNamed && typeof value === 'string' && isTellingName(name) && isSecretValue(value)
        ? [name, take(value)]
        : [name, walk(value, text, take, name)],
    ),
  )
}

/** In a name or a sentence, a short word such as `postgres` is that word, and no password. */
const isUnmistakable = (secret: string): boolean =>
  secret.length >= 12 || (secret.length >= 6 && /\d/.test(secret) && /[^\d.]/.test(secret))

const quoted = (secret: string): string => secret.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** A longer one, such as a key file, is found by its form each time. */
const maxKnownLength = 2000
/** Engines of regular expressions have limits. */
const maxPatternLength = 20_000

interface KnownPatterns {
  readonly anywhere: readonly RegExp[]
  /** For replaceAssigned. */
  readonly assigned: readonly RegExp[]
}

/** Longest first, for one may be a part of another one. */
function knownPatterns(known: readonly string[]): KnownPatterns {
  const sorted = known.filter(({ length }) => length <= maxKnownLength).sort((a, b) => b.length - a.length)
  const anywhere = alternatives(sorted.filter(isUnmistakable))
  const assigned = alternatives(sorted.filter((secret) => !isUnmistakable(secret)))
  return {
    anywhere: anywhere.map((any) => new RegExp(`(?<![A-Za-z0-9])(?:${any})(?![A-Za-z0-9])`, 'g')),
    assigned: assigned.map((any) => new RegExp(`(?<=[=\\s]["']?)(?:${any})(?=["']?(?:[\\s;&|)]|$))`, 'g')),
  }
}

/** Takes out what is after NAME=, or a word of a command. */
function replaceAssigned(text: string, pattern: RegExp, take: (secret: string) => string): string {
  const isInCommand = commandFinder(text)
  return text.replace(pattern, (secret: string, at: number) => {
    const before = /["']/.test(text[at - 1]!) ? at - 2 : at - 1
    return text[before] === '=' || isInCommand(before) ? take(secret) : secret
  })
}

/** Whether the word after a blank is one of a command such as `RUN make x`, but not the first. Invariant: asked from start to end, so that each line is read once. */
function commandFinder(text: string): (blank: number) => boolean {
  let end = -1
  let firstBlank = Number.POSITIVE_INFINITY
  return (blank) => {
    while (end < blank) {
      const start = end + 1
      const next = text.indexOf('\n', start)
      end = next < 0 ? text.length : next
      const found = text.slice(start, end).search(/[A-Z]{3} /)
      firstBlank = found < 0 ? Number.POSITIVE_INFINITY : start + found + 'RUN '.length
    }
    return firstBlank <= blank
  }
}

/** All in as few alternations as it takes. */
function alternatives(secrets: readonly string[]): string[] {
  const made: string[] = []
  for (const secret of secrets.map(quoted)) {
    const last = made.at(-1)
    if (last === undefined || last.length + secret.length > maxPatternLength) made.push(secret)
    else made[made.length - 1] = `${last}|${secret}`
  }
  return made
}

/** What is told by its name or its form. */
function replaceTold(text: string, take: (secret: string) => string): string {
  return secretShapes.reduce(
    (result, { pattern, isNamed }) =>
      result.replace(pattern, (whole: string, ...groups: unknown[]) => {
        const { name, secret } = groups.at(-1) as { readonly name?: string; readonly secret: string }
        if (isNamed && !isTellingName(name ?? '')) return whole
        if (secret === redactedMark || !isSecretValue(secret)) return whole
        const at = whole.lastIndexOf(secret)
        return whole.slice(0, at) + take(secret) + whole.slice(at + secret.length)
      }),
    text,
  )
}
