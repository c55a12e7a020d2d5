/** Fields of one paragraph, names in lower case; a continued value keeps its line ends. */
export type Stanza = ReadonlyMap<string, string>

/** Paragraphs of `Name: value` lines, as dpkg writes them and Python's metadata begin (https://manpages.debian.org/deb822.5). */
export function readStanzas(text: string): Stanza[] {
  return text
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .map(readStanza)
    .filter((stanza) => stanza.size > 0)
}

export function readStanza(text: string): Stanza {
  const fields = new Map<string, string>()
  let last = ''
  for (const line of text.split(/\r?\n/)) {
    const field = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line)
    if (field) {
      last = field[1]!.toLowerCase()
      if (!fields.has(last)) fields.set(last, field[2]!.trim())
    } else if (/^[ \t]/.test(line) && last !== '') fields.set(last, `${fields.get(last)}\n${line.trim()}`)
  }
  return fields
}
