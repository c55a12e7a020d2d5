import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasBrowser, openPage } from '../support/web-app'

const root = join(import.meta.dirname, '../..')

/** The arguments of all processes, which every user of the machine can read. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // It has ended.
      }
    })

describe.skipIf(!hasBrowser || process.platform !== 'linux')('the web host opens the browser', () => {
  let folder: string
  let host: ChildProcess
  let printed: string
  let errors: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'web-open-'))
    const script = `#!/bin/sh\nprintf '%s' "$*" > '${folder}/part'\nmv '${folder}/part' '${folder}/argv'\n`
    writeFileSync(join(folder, 'xdg-open'), script, { mode: 0o700 })
    printed = ''
    errors = ''
    const environment = { ...process.env, npm_package_version: '9.9.9' }
    host = spawn(process.execPath, ['out/main/web.js', '--open'], {
      cwd: root,
      env: { ...environment, DISPLAY: ':99', TMPDIR: folder, HOME: folder, PATH: `${folder}:${process.env.PATH}` },
    })
    host.stdout!.on('data', (text) => {
      printed += String(text)
    })
    host.stderr!.on('data', (text) => {
      errors += String(text)
    })
    await expect.poll(() => existsSync(join(folder, 'argv'))).toBe(true)
  })
  afterEach(async () => {
    if (host.exitCode === null) {
      host.kill()
      await new Promise((resolve) => host.once('exit', resolve))
    }
    rmSync(folder, { recursive: true })
  })

  const launchFile = (): string => readFileSync(join(folder, 'argv'), 'utf8')
  const launchFolders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('cutaway-'))

  test('with a file that leads to the page once, and is removed then', async () => {
    const text = readFileSync(launchFile(), 'utf8')
    const code = /#launch=([\w-]{43})/.exec(text)![1]!
    const token = /#token=([\w-]{43})/.exec(printed)![1]!
    expect(text).not.toContain(token)
    expect(launchFile()).not.toContain(code)
    const { page, problems, close } = await openPage(pathToFileURL(launchFile()).href)
    // The page is authorized when it shows what only the host knows.
    await expect.poll(() => page.locator('.engine').textContent()).not.toBe('')
    await expect.poll(() => page.getByRole('button', { name: /^Calculator in/ }).count()).toBeGreaterThan(0)
    expect(page.url()).toBe(printed.split('#')[0])
    expect(await page.evaluate(() => document.referrer)).toBe('')
    await expect.poll(launchFolders).toEqual([])
    for (const line of commandLines()) expect(line).not.toMatch(new RegExp(`${token}|${code}`))
    await page.reload()
    await expect.poll(() => page.getByRole('button', { name: /^Calculator in/ }).count()).toBeGreaterThan(0)
    // Anyone who finds the code in the browser's history gets nothing, and is told where to look.
    const again = await fetch(new URL('/api/session', printed.trim()), {
      method: 'POST',
      headers: { Authorization: `Launch ${code}` },
    })
    expect(again.status).toBe(401)
    expect(problems).toEqual([])
    await page.goto(`${page.url()}about`, { waitUntil: 'commit' })
    await page.evaluate(() => sessionStorage.clear())
    await page.goto(`${printed.split('#')[0]}#launch=${code}`)
    await page.getByText('Open the URL that Cutaway printed when it started.').first().waitFor()
    expect(errors).not.toContain(token)
    expect(errors).not.toContain(code)
    expect(printed.trim().split('\n')).toHaveLength(1)
    await close()
  })

  test('and the file is gone when the host ends before a browser has read it', async () => {
    expect(launchFolders()).toHaveLength(1)
    host.kill('SIGTERM')
    await new Promise((resolve) => host.once('exit', resolve))
    expect(launchFolders()).toEqual([])
  })

  test('and the page refers to no source maps, and none are served', async () => {
    const page = new URL(printed.trim())
    const [, script] = /src="\.(\/assets\/[^"]+\.js)"/.exec(await (await fetch(page)).text())!
    const reply = await fetch(new URL(script!, page))
    expect(reply.status).toBe(200)
    expect(await reply.text()).not.toContain('sourceMappingURL')
    expect((await fetch(new URL(`${script}.map`, page))).status).toBe(404)
  })

  test('and the version is that of package.json, whatever npm runs around it', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const { hash } = new URL(printed.trim())
    const reply = await fetch(new URL('/api/app.state', printed.trim()), {
      method: 'POST',
      headers: { Authorization: `Bearer ${hash.slice('#token='.length)}`, 'Content-Type': 'application/json' },
      body: '{}',
    })
    expect(await reply.json()).toMatchObject({ ok: true, value: { version } })
  })
})
