/** Values by variable name; a missing name is unset. */
export type Variables = Readonly<Record<string, string | undefined>>

/** A variable's value; undefined where it is unset, whatever an object inherits under that name (`constructor`). */
export function variableValue(variables: Variables, name: string): string | undefined {
  const value: unknown = variables[name]
  return typeof value === 'string' ? value : undefined
}

/** The words of the exec (JSON) form, or undefined when the engine would take the text as shell form. */
export function execForm(argumentText: string): readonly string[] | undefined {
  if (!argumentText.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(argumentText)
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

/** Splits at blanks outside quotes; quotes and escapes stay in the words. */
export function splitWords(text: string, escapeChar = '\\'): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === escapeChar && quote !== "'" && i + 1 < text.length) word += char + text[++i]
    else if (quote) {
      word += char
      if (char === quote) quote = ''
    } else if (/\s/.test(char)) {
      if (word) words.push(word)
      word = ''
    } else {
      word += char
      if (char === '"' || char === "'") quote = char
    }
  }
  if (word) words.push(word)
  return words
}

/** The words of COPY, ADD, VOLUME ...: the exec form, else words at blanks with their quotes removed. */
export function argumentWords(argumentText: string): readonly string[] {
  return execForm(argumentText) ?? splitWords(argumentText).map(unquote)
}

/** Removes quotes and escapes as the builder's word processing does. */
export function unquote(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_all, double?: string, single?: string, char?: string) =>
      double !== undefined ? double.replace(/\\(["\\$])/g, '$1') : (single ?? char ?? ''),
  )
}

/** `NAME=value` pairs of ENV, ARG and LABEL, the old form `ENV NAME value` included; values still quoted. */
export function assignments(argumentText: string): { name: string; value: string | undefined }[] {
  const words = splitWords(argumentText)
  const first = words[0] ?? ''
  if (!first.includes('=') && words.length > 1) return [{ name: first, value: argumentText.slice(first.length).trim() }]
  return words.map((word) => {
    const at = word.indexOf('=')
    return at < 0 ? { name: word, value: undefined } : { name: unquote(word.slice(0, at)), value: word.slice(at + 1) }
  })
}

/**
 * Replaces `$X`, `${X}`, `${X:-word}`, `${X:+word}`, `${X-word}` and `${X+word}` as the builder does; single quotes
 * and `\$` block it. What the builder would refuse stays as it is written, and so does what is nested too deeply or becomes too long.
 */
export function expandVariables(text: string, variables: Variables): string {
  return expandNested(text, variables, 0)
}

const deepestNesting = 100
/** Every word of a large file may name a long variable, so what variables add to one text is limited as well. */
const mostAdded = 1 << 11

function expandNested(text: string, variables: Variables, depth: number): string {
  if (depth > deepestNesting) return text
  let result = ''
  let quoted = false
  for (let i = 0; i < text.length; ) {
    const char = text[i]!
    if (char === '\\' && !quoted && i + 1 < text.length) {
      result += text[i + 1] === '$' ? '$' : char + text[i + 1]
      i += 2
    } else if (char === '$' && !quoted) {
      const { value, length } = expandAt(text.slice(i), variables, depth)
      result += value
      if (result.length > text.length + mostAdded) return text
      i += length
    } else {
      if (char === "'") quoted = !quoted
      result += char
      i++
    }
  }
  return result
}

function expandAt(text: string, variables: Variables, depth: number): { value: string; length: number } {
  const plain = /^\$([A-Za-z_]\w*)/.exec(text)
  if (plain) return { value: variableValue(variables, plain[1]!) ?? '', length: plain[0].length }
  if (text[1] !== '{') return { value: '$', length: 1 }
  const length = closingBrace(text)
  if (length < 0) return { value: text, length: text.length }
  const form = /^([A-Za-z_]\w*)(?:(:?[-+])([\s\S]*))?$/.exec(text.slice(2, length - 1))
  if (!form) return { value: text.slice(0, length), length }
  const [, name, operator, word = ''] = form
  const value = variableValue(variables, name!)
  const isSet = value !== undefined && !(operator?.startsWith(':') && value === '')
  if (operator?.endsWith('-')) return { value: isSet ? value : expandNested(word, variables, depth + 1), length }
  if (operator?.endsWith('+')) return { value: isSet ? expandNested(word, variables, depth + 1) : '', length }
  return { value: value ?? '', length }
}

function closingBrace(text: string): number {
  let depth = 0
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '{') depth++
    else if (text[i] === '}' && --depth === 0) return i + 1
  }
  return -1
}
