import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll } from 'vitest'

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
  /** Opens the app once more, on a page of its own. */
  openAgain(): Promise<OpenedPage>
}

/** How long an element may take to come on a machine that does other things. */
const patienceMs = 120_000

/** One for all pages of a test file; each page has a context of its own. */
let browser: Promise<Browser> | undefined
afterAll(async () => (await browser)?.close())

/** Opens an address of the app, or a report, in a real browser; it is open when an element is there. */
export async function openPage(url: string, awaited = 'h1'): Promise<OpenedPage> {
  browser ??= chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  const context = await (await browser).newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(url)
  await page.locator(awaited).waitFor()
  return { page, problems, close: () => context.close() }
}

export interface WebHost {
  readonly url: string
  readonly process: ChildProcess
  end(): Promise<void>
}

/** Starts the web host as `npm start` does. */
export async function startWebHost(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<WebHost> {
  const host = spawn(process.execPath, ['out/main/web.js', ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root, ...environment },
  })
  host.stderr.pipe(process.stderr)
  const url = await new Promise<string>((resolve, reject) => {
    host.stdout.once('data', (text) => resolve(String(text).trim()))
    host.once('exit', (code) => reject(new Error(`the web host ended with ${code}`)))
  })
  const end = async (): Promise<void> => {
    if (host.exitCode !== null || host.signalCode !== null) return
    const ended = new Promise((resolve) => host.once('exit', resolve))
    host.kill()
    await ended
  }
  return { url, process: host, end }
}

/** Starts the web host and opens its address in a real browser. */
export async function openWebApp(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<WebApp> {
  const host = await startWebHost(args, environment)
  const opened = await openPage(host.url).catch(async (error) => {
    await host.end()
    throw error
  })
  return {
    ...opened,
    host: host.process,
    openAgain: () => openPage(host.url),
    close: async () => {
      await opened.close()
      await host.end()
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

/** Waits until what was done is painted. */
export const painted = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )

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
