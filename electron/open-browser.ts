import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Launch } from './ipc/web-host'

export interface OpenBrowserOptions {
  /** The program that opens a file as the user would. */
  readonly opener: string
  /** Where the launch file may be, until it is used. */
  readonly folder: string
  readonly log: (text: string) => void
}

/**
 * Opens a launch URL in the user's browser. All processes can see each other's arguments, so the URL is in a file that
 * only the user can read, and the browser gets the file's path. Resolves when the file is removed.
 */
export async function openBrowser(launch: Launch, { opener, folder, log }: OpenBrowserOptions): Promise<void> {
  const own = await mkdtemp(join(folder, 'cutaway-'))
  try {
    const file = join(own, 'open.html')
    await writeFile(file, launchPage(launch.url), { mode: 0o600, flag: 'wx' })
    const child = spawn(opener, [file], { detached: true, stdio: 'ignore' })
    child.on('error', (error) => log(`The browser was not opened: ${error.message}.`))
    child.unref()
    await launch.spent
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** How this system opens a file, or undefined where there is no screen to open it on. */
export function systemOpener(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform === 'darwin') return 'open'
  if (process.platform === 'win32') return 'explorer'
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? 'xdg-open' : undefined
}

/** A folder that a browser can read: one from a snap has a /tmp of its own, and sees no hidden folders. */
export const launchFolder = (): string => (existsSync('/snap/bin') ? homedir() : tmpdir())

function launchPage(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Cutaway</title>
<p>Opening Cutaway …</p>
`
}
