import { decodeUtf8 } from '../utf8'

/** The object that a document holds; an empty one for what is none. */
export function asJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes).replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {} // a damaged document says nothing
    throw error
  }
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
