import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Launch } from '../../electron/ipc/web-host'
import { openBrowser, systemOpener } from '../../electron/open-browser'

const url = 'http://127.0.0.1:4000/#launch=secret-code'
let folder: string
let spend: () => void
let launch: Launch
const logged: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-browser-'))
  logged.length = 0
  const spent = new Promise<void>((resolve) => {
    spend = resolve
  })
  launch = { url, spent }
})
afterEach(() => rmSync(folder, { recursive: true }))

const log = (text: string): void => {
  logged.push(text)
}

/** A program that writes its arguments and its environment to files, as `ps` would show them. */
function recordingOpener(): { opener: string; seen: string } {
  const opener = join(folder, 'opener')
  const seen = join(folder, 'seen')
  const script = `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline > '${seen}.part'\nenv >> '${seen}.part'\nmv '${seen}.part' '${seen}'\n`
  writeFileSync(opener, script, { mode: 0o700 })
  return { opener, seen }
}

const filesLeft = (): string[] => readdirSync(folder).filter((name) => name.startsWith('cutaway-'))

describe.skipIf(process.platform !== 'linux')('with an opener that records what others can see of it', () => {
  test('the URL is in a file for the user alone, not in arguments or environment', async () => {
    const { opener, seen } = recordingOpener()
    const done = openBrowser(launch, { opener, folder, log })
    await expect.poll(() => existsSync(seen)).toBe(true)
    const visible = readFileSync(seen, 'utf8')
    expect(visible).not.toContain('secret-code')
    expect(visible).not.toContain('127.0.0.1')
    const file = /^(.*open\.html)$/m.exec(visible)![1]!
    expect(readFileSync(file, 'utf8')).toContain(`<meta http-equiv="refresh" content="0; url=${url}">`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
    spend()
    await done
    expect(filesLeft()).toEqual([])
  })
})

test('the file is removed when there is no such program, and the problem is reported without the URL', async () => {
  const done = openBrowser(launch, { opener: join(folder, 'missing'), folder, log })
  await expect.poll(() => logged.join()).toMatch(/^The browser was not opened: .*ENOENT/)
  expect(logged.join()).not.toContain('secret-code')
  spend()
  await done
  expect(filesLeft()).toEqual([])
})

test('without a screen there is nothing to open', () => {
  const expected = { linux: undefined, darwin: 'open', win32: 'explorer' }[process.platform as 'linux']
  expect(systemOpener({})).toBe(expected)
  expect(systemOpener({ DISPLAY: ':0' })).toBe(expected ?? 'xdg-open')
})
