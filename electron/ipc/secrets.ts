import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, as text that fits a URL and a header. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Compares digests, so that neither the length nor the time of the comparison reveals anything. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
