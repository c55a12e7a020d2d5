import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The folder or file named on the command line. Unpackaged, the first positional argument is the app itself. The first
 * one that exists wins: Chromium adds arguments of its own.
 */
export function startPath(argv: readonly string[], isPackaged: boolean, directory: string): string | undefined {
  const positional = argv.slice(1).filter((argument) => !argument.startsWith('-'))
  const paths = (isPackaged ? positional : positional.slice(1)).map((argument) => resolve(directory, argument))
  return paths.find((path) => existsSync(path))
}
