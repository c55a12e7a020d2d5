import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const root = join(import.meta.dirname, '../..')
const chromiumPath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path))

/** Screenshots of a test run, kept by CI. */
export const screens = join(root, 'test-results/screens')
mkdirSync(screens, { recursive: true })

export const hasBrowser = chromiumPath !== undefined
if (!hasBrowser) console.warn('Browser tests are skipped: there is no Chromium.')

export interface OpenedPage {
  readonly page: Page
  /** What the page wrote to its console as an error, and what it threw. */
  readonly problems: string[]
  close(): Promise<void>
}

export interface WebApp extends OpenedPage {
  readonly host: ChildProcess
}

/** Opens an address of the app, or a report, in a real browser; it is open when an element is there. */
export async function openPage(url: string, awaited = 'h1'): Promise<OpenedPage> {
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(url)
  await page.locator(awaited).waitFor()
  return { page, problems, close: () => browser.close() }
}

/** Starts the web host as `npm start` does and opens its address in a real browser. */
export async function openWebApp(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<WebApp> {
  const host = spawn(process.execPath, ['out/main/web.js', ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root, ...environment },
  })
  host.stderr.pipe(process.stderr)
  const url = await new Promise<string>((resolve, reject) => {
    host.stdout.once('data', (text) => resolve(String(text).trim()))
    host.once('exit', (code) => reject(new Error(`the web host ended with ${code}`)))
  })
  const { close, ...opened } = await openPage(url)
  return {
    ...opened,
    host,
    async close() {
      await close()
      if (host.exitCode === null) {
        host.kill()
        await new Promise((resolve) => host.once('exit', resolve))
      }
    },
  }
}

/** Drops real files or folders, as the system would. */
export async function dropPaths(page: Page, testId: string, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const box = (await page.getByTestId(testId).boundingBox())!
  const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  await session.detach()
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const shot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(screens, `${name}.png`) })

export const setTheme = (page: Page, theme: 'light' | 'dark'): Promise<void> =>
  page.emulateMedia({ colorScheme: theme })

/** Accessibility faults of the page as it is, in both themes: rule and place. */
export async function axeFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme)
    await page.evaluate(axe)
    const found = await page.evaluate(async () => {
      const { violations } = await (
        window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }> } }
      ).axe.run()
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${String(target)}`))
    })
    faults.push(...found.map((fault) => `${theme}: ${fault}`))
  }
  await setTheme(page, 'light')
  return faults
}
