import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder or file named on the command line. Unpackaged, the first positional argument is the app itself. The first
 * one that exists wins: Chromium adds arguments of its own.
 */
export function startPath(argv: readonly string[], isPackaged: boolean, directory: string): string | undefined {
  const positional = argv.slice(1).filter((argument) => !argument.startsWith('-'))
  const paths = (isPackaged ? positional : positional.slice(1)).map((argument) => pathOf(argument, directory))
  return paths.find((path) => path !== undefined && existsSync(path))
}

/** File managers of Linux pass file: URLs. */
function pathOf(argument: string, directory: string): string | undefined {
  if (!/^file:\/\//i.test(argument)) return resolve(directory, argument)
  try {
    return fileURLToPath(argument)
  } catch {
    return undefined // a file on another machine
  }
}
