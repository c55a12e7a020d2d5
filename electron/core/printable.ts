// Names, labels, logs and messages come from images, projects and engines. A terminal obeys control characters in them, and characters
// that change the direction of writing make a text look like another one.

/** All but line feed and tab: control characters, C1 ones, direction marks and overrides, line separators, lone surrogates, noncharacters. */
const unsafe =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/gu
const unsafeInLine = new RegExp(`[\\n\\t]|${unsafe.source}`, 'gu')

/** Bytes that are not UTF-8, see decodeUtf8. */
const isEscapedByte = (code: number): boolean => code >= 0xdc80 && code <= 0xdcff

function escaped(char: string): string {
  const code = char.charCodeAt(0)
  const byte = isEscapedByte(code) ? code - 0xdc00 : code
  return byte < 0x100 ? `\\x${byte.toString(16).padStart(2, '0')}` : unicodeEscape(char)
}

const unicodeEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text of several lines for a terminal or a log: `\x1b` in place of an escape character, and so on. Line feeds and tabs stay. */
export const printable = (text: string): string => text.replaceAll('\r\n', '\n').replace(unsafe, escaped)

/** Text of one line, such as a name: line feeds and tabs are escaped too. */
export const printableLine = (text: string): string => text.replace(unsafeInLine, escaped)

/** JSON whose strings are escaped so that it can be printed; what reads it gets the true text. */
export const printableJson = (json: string): string => json.replace(unsafe, unicodeEscape)
