import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, isProcessRunning, removeImages, watchContainers } from '../support/engine'
import { makeFolder } from '../support/folder'
import { dropPaths, hasBrowser, screens } from '../support/web-app'

const root = join(import.meta.dirname, '../..')
const binary = join(root, 'node_modules/electron/dist')
/** A real Electron wherever one is installed, else the stand-in; E2E_HOST chooses. */
const host = process.env.E2E_HOST ?? (existsSync(join(binary, 'version')) ? 'electron' : 'stand-in')
const executable =
  host === 'electron'
    ? join(binary, readFileSync(join(root, 'node_modules/electron/path.txt'), 'utf8'))
    : join(root, 'test/electron-stand-in/bin/electron')
const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const engine = await engineOrSkip()

interface Launched {
  readonly app: ElectronApplication
  readonly page: Page
  readonly userData: string
}

async function launch(args: readonly string[] = []): Promise<Launched> {
  const userData = mkdtempSync(join(tmpdir(), 'cutaway-test-'))
  const env = { ...process.env, INIT_CWD: root, CUTAWAY_USER_DATA: userData } as Record<string, string>
  const app = await _electron.launch({ executablePath: executable, args: [...flags, '.', ...args], cwd: root, env })
  const page = await app.firstWindow()
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { app, page, userData }
}

const alerts = async (page: Page): Promise<string> => (await page.getByRole('alert').allTextContents()).join()

describe.skipIf(!hasBrowser)(`the window, on ${host}`, () => {
  let launched: Launched
  beforeAll(async () => {
    launched = await launch()
  })
  afterAll(async () => {
    await launched.app.close()
    rmSync(launched.userData, { recursive: true, force: true })
  })

  beforeEach(async () => {
    const { page } = launched
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Source/ })
      .click()
    await page.getByTestId('drop-zone').waitFor()
  })

  test('a dropped folder is opened', async () => {
    const { folder, remove } = copyExample('calculator-c')
    onTestFinished(remove)
    await dropPaths(launched.page, 'drop-zone', [folder])
    await launched.page.getByRole('button', { name: 'Build both variants' }).waitFor()
    await expect.poll(() => launched.page.locator('.project-path').textContent()).toBe(folder)
  })

  test('the menu opens a folder that the dialog gives', async () => {
    const folder = makeFolder({ 'README.md': '' })
    await launched.app.evaluate(({ dialog, Menu }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
      Menu.getApplicationMenu()!.getMenuItemById('open-folder')!.click()
    }, folder)
    await expect.poll(() => alerts(launched.page)).toContain(`There is no Dockerfile in ${folder}`)
  })

  test('the menu opens a saved comparison that the dialog gives', async () => {
    const folder = makeFolder({ 'old.cutaway': 'CUTAWAY1 and nothing more' })
    await launched.app.evaluate(
      ({ dialog, Menu }, path) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
        Menu.getApplicationMenu()!.getMenuItemById('open-file')!.click()
      },
      join(folder, 'old.cutaway'),
    )
    await expect.poll(() => alerts(launched.page)).toContain('The saved comparison')
  })

  test('the page has the one bridge and nothing of Node or Electron', async () => {
    const seen = await launched.page.evaluate(async () => {
      const { cutaway } = window as unknown as { cutaway: { request(name: string, input: unknown): Promise<unknown> } }
      const blocked = async (work: () => Promise<unknown>): Promise<string> =>
        work().then(
          () => 'went through',
          () => 'blocked',
        )
      return {
        globals: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
        bridge: Object.keys(cutaway).sort(),
        isFrozen: Object.isFrozen(cutaway),
        badInput: await cutaway.request('project.open', { path: 5 }),
        remote: await blocked(() => fetch('https://example.com/')),
        evaluation: await blocked(async () => new Function('return 1')()),
      }
    })
    expect(seen).toEqual({
      globals: [],
      bridge: ['onEvent', 'pathOf', 'request'],
      isFrozen: true,
      badInput: { ok: false, failure: { code: 'bad-input', problem: expect.stringContaining('path') } },
      remote: 'blocked',
      evaluation: 'blocked',
    })
  })

  test('navigation and pop-ups are refused', async () => {
    const before = launched.page.url()
    const opened: Page[] = []
    launched.app.on('window', (page) => opened.push(page))
    await launched.page.evaluate(() => {
      window.open('http://example.com/pop-up')
      const link = document.createElement('a')
      link.href = 'http://example.com/away'
      document.body.append(link)
      link.click()
      link.remove()
    })
    await launched.page.waitForTimeout(700)
    expect(launched.page.url()).toBe(before)
    expect(opened).toEqual([])
  })

  test('a second start hands its folder over and ends', async () => {
    const folder = makeFolder({ 'README.md': '' })
    const env = { ...process.env, INIT_CWD: root, CUTAWAY_USER_DATA: launched.userData }
    const code = await new Promise((resolve) =>
      execFile(executable, [...flags, '.', folder], { cwd: root, env }, (error) => resolve(error?.code ?? 0)),
    )
    expect(code).toBe(0)
    await expect.poll(() => alerts(launched.page)).toContain(folder)
  })
})

test.skipIf(!hasBrowser || engine === undefined)(`the main job in the window, on ${host}`, async () => {
  const { folder, remove } = copyExample('calculator-c')
  const { app, page, userData } = await launch([folder])
  onTestFinished(async () => {
    await removeImages(engine!.client, folder)
    remove()
    rmSync(userData, { recursive: true, force: true })
  })
  await page.getByRole('button', { name: 'Build both variants' }).click()
  await page.getByTestId('verdict').waitFor({ timeout: 240_000 })
  await expect
    .poll(() => page.getByTestId('verdict').textContent())
    .toMatch(/The multi-stage image is \d+ times smaller/)
  await page.getByTestId('map-before').click({ position: { x: 50, y: 60 } })
  await expect.poll(() => page.getByTestId('entry-line').textContent()).toMatch(/before: /)
  await page.screenshot({ path: join(screens, `window-${host}.png`) })
  await app.close()
  expect(JSON.parse(readFileSync(join(userData, 'window.json'), 'utf8'))).toMatchObject({ width: 1440, height: 900 })
})

test.skipIf(!hasBrowser || engine === undefined)(`quitting ends what runs in the engine, on ${host}`, async () => {
  const folder = makeFolder({
    Dockerfile:
      'FROM debian:bookworm AS build\nRUN echo > /x\nFROM debian:bookworm\nCOPY --from=build /x /x\nCMD ["sleep", "4331"]\n',
  })
  const containers = await watchContainers(engine!.client)
  const { app, page, userData } = await launch()
  onTestFinished(async () => {
    await removeImages(engine!.client, folder)
    rmSync(userData, { recursive: true, force: true })
  })
  await page.evaluate(async (path) => {
    type Ask = (name: string, input: object) => Promise<{ value: { comparisonId: string } }>
    const ask = (window as unknown as { cutaway: { request: Ask } }).cutaway.request
    const both = { before: { id: 'traditional:Dockerfile' }, after: { id: 'Dockerfile' } }
    await ask('project.open', { path })
    await ask('variant.build', { jobId: 'build', path, ...both, noCache: false })
    const { comparisonId } = (await ask('comparison.open', { jobId: 'open', buildId: 'build' })).value
    const request = { input: '', seconds: 300, path: '/', hasNetwork: false }
    void ask('comparison.run', { jobId: 'run', comparisonId, request })
  }, folder)
  await expect.poll(() => isProcessRunning('sleep 4331')).toBe(true)
  await app.close()
  expect(isProcessRunning('sleep 4331')).toBe(false)
  await containers.expectNoneLeft()
})
