import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The version in package.json, two folders above the built programs, however they are started. */
export function appVersion(programFolder: string): string {
  const { version } = JSON.parse(readFileSync(join(programFolder, '../../package.json'), 'utf8')) as { version: string }
  return version
}
