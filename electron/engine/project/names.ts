import { isUtf8 } from 'node:buffer'

export interface DecodedName {
  /** With U+FFFD where bytes are no text. */
  readonly text: string
  /** With those bytes as `\xNN`; undefined for a name that is text. */
  readonly escaped: string | undefined
}

/** The name of a file as the operating system has it: bytes. */
export function decodeName(bytes: Buffer): DecodedName {
  const text = bytes.toString('utf8')
  if (isUtf8(bytes)) return { text, escaped: undefined }
  const escaped = bytes.toString('latin1').replace(/[^ -~]/g, escapeByte)
  return { text, escaped }
}

const escapeByte = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
