import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'
import { layoutFiles, layoutTar } from '../support/image-layout'
import { type Member, makeTar } from '../support/tar'
import { axeFaults, hasBrowser, openWebApp, shot, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()

/** Every state in which there is little to show, or something in the way. */
describe.skipIf(!hasBrowser)('empty and error states', () => {
  const opened = async (args: readonly string[] = [], environment?: Record<string, string>): Promise<WebApp> => {
    const app = await openWebApp(args, environment)
    onTestFinished(() => app.close())
    return app
  }
  const alert = (page: Page): Promise<string | null> => page.getByRole('alert').first().textContent()
  const verdict = (page: Page): Promise<string | null> => page.getByTestId('verdict').textContent()
  const archive = async (name: string, layers: readonly (readonly Member[])[]): Promise<string> => {
    const path = join(makeFolder({}), `${name}.tar`)
    const tars = await Promise.all(layers.map((members) => makeTar(members)))
    writeFileSync(path, await layoutTar(layoutFiles([{ layers: tars, compression: 'none' }], `${name}:1`)))
    return path
  }
  const compare = async (page: Page, before: string, after: string): Promise<void> => {
    await page.getByLabel('Image', { exact: true }).fill(before)
    await page.getByLabel('Image to compare it with').fill(after)
    await page.getByRole('button', { name: 'Open image' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 30_000 })
  }

  test('without an engine saved images can be compared all the same', async () => {
    const { page, problems } = await opened([], { DOCKER_HOST: 'unix:///no/such.sock' })
    await expect.poll(() => alert(page)).toMatch(/The engine in DOCKER_HOST .* cannot be used/)
    const one = await archive('one', [[['a', 'x'.repeat(900)]]])
    await compare(page, one, await archive('two', [[['a', 'x'.repeat(90)]]]))
    await expect.poll(() => verdict(page)).toMatch(/900 B against 90 B/)
    expect(problems).toEqual([])
  })

  test('two equal images, and two that differ in nothing but an owner', async () => {
    const { page } = await opened()
    const one = await archive('one', [[['etc/a', 'same']], [['b', 'more']]])
    await compare(page, one, await archive('two', [[['etc/a', 'same']], [['b', 'more']]]))
    await expect.poll(() => verdict(page)).toMatch(/^No differences: both are 8 B/)
    await page.locator('#explorer-main').focus()
    await page.keyboard.press('2')
    await expect
      .poll(() => page.locator('.map-empty').textContent())
      .toBe('Nothing differs in size in the whole image.')
    await shot(page, 'state-equal-light')
    expect(await axeFaults(page)).toEqual([])
  })

  test('an image without a file, one of empty files, and one of no layer', async () => {
    const { page } = await opened()
    const full = await archive('full', [[['a', 'content']]])
    await compare(page, full, await archive('bare', []))
    await page.locator('#explorer-main').focus()
    await page.keyboard.press('4')
    await expect.poll(() => page.locator('.map-empty').textContent()).toBe('The image after has no file with content.')
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'state-empty-light')
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Source/ })
      .click()
    const hollow = await archive('hollow', [
      [
        ['e1', ''],
        ['e2', ''],
        ['dev/link', { link: '/e1' }],
      ],
    ])
    await page.getByLabel('Image', { exact: true }).fill(hollow)
    await page.getByRole('button', { name: 'Open image' }).click()
    await expect.poll(() => verdict(page)).toMatch(/^0 B unpacked/)
    await expect.poll(() => page.getByTestId('not-drawn').textContent()).toBe('3 empty files not drawn')
    await page.getByRole('button', { name: 'Table' }).click()
    await expect.poll(() => page.locator('.table-body').textContent()).toContain('e2')
  })

  test('a damaged archive, a comparison that is none, and what is not there', async () => {
    const { page } = await opened()
    const folder = makeFolder({ 'bad.tar': 'x'.repeat(2000), 'bad.cutaway': 'CUTAWAY1 and then nothing of the kind' })
    for (const [image, message] of [
      [join(folder, 'bad.tar'), /archive is damaged/],
      [join(folder, 'bad.cutaway'), /saved comparison .* cannot be opened: it is damaged/],
      [join(folder, 'no.tar'), /cannot be read|does not exist|no such file/i],
    ] as const) {
      await page.getByLabel('Image', { exact: true }).fill(image)
      await page.getByRole('button', { name: 'Open image' }).click()
      await expect.poll(async () => (await page.getByRole('alert').allTextContents()).join()).toMatch(message)
    }
    expect(await axeFaults(page)).toEqual([])
  })

  test('a Dockerfile with a wrong line is opened to be mended; mended in the editor, it can be built', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM scratch AS one\nFOO bar\nFROM scratch\nCOPY Dockerfile /x\n' })
    const { page } = await opened([folder])
    await expect.poll(() => alert(page)).toMatch(/Dockerfile:2 cannot be understood: unknown instruction FOO/)
    const before = page.getByRole('region', { name: /^Before/ })
    await expect.poll(() => before.getByRole('list', { name: 'Syntax' }).textContent()).toMatch(/Line 2, column 1/)
    await expect.poll(() => before.locator('.node-stage').count()).toBe(2)
    const build = page.getByRole('button', { name: 'Build both variants' })
    await expect.poll(() => build.isDisabled()).toBe(true)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'state-unparsable-light')
    for (const role of ['before', 'after']) {
      await page.getByTestId(`editor-${role}`).locator('.cm-content').click()
      await page.keyboard.press('Control+a')
      await page.keyboard.type('FROM scratch\nCOPY Dockerfile /x\n')
    }
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    if (engine) await expect.poll(() => build.isEnabled()).toBe(true)
  })

  test.skipIf(engine === undefined)(
    'a base image that cannot be had is named, with its line and registry',
    async () => {
      const folder = makeFolder({
        Dockerfile: 'FROM registry.invalid/team/base:1\nRUN true\n',
        'Dockerfile.multistage':
          'FROM registry.invalid/team/base:1 AS build\nRUN true\nFROM scratch\nCOPY --from=build /a /a\n',
      })
      const { page } = await opened([folder])
      await page.getByRole('button', { name: 'Build both variants' }).click()
      await expect
        .poll(() => alert(page), { timeout: 60_000 })
        .toMatch(/registry\.invalid\/team\/base:1.*Dockerfile:1|Dockerfile:1.*registry\.invalid/s)
      await expect.poll(() => page.getByRole('heading', { level: 2 }).first().textContent()).toBe('The build failed')
      expect(await axeFaults(page)).toEqual([])
      await shot(page, 'state-pull-light')
    },
  )

  test.skipIf(engine === undefined)('a full disk during a build is said to be one', async () => {
    const folder = makeFolder({
      Dockerfile: 'FROM debian:bookworm\nRUN cat /etc/passwd > /dev/full\n',
      'Dockerfile.multistage':
        'FROM debian:bookworm AS b\nRUN true\nFROM scratch\nCOPY --from=b /etc/passwd /x\nCMD ["/x"]\n',
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const { page } = await opened([folder])
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByText('The before variant failed').waitFor({ timeout: 120_000 })
    await expect.poll(() => alert(page)).toMatch(/disk/i)
    await expect.poll(() => page.getByTestId('after-progress').textContent()).toContain('built in')
  })

  test('an engine that comes, goes, and is picked is noticed without a press', async () => {
    const socket = join(makeFolder({}), 'engine.sock')
    const start = async (version: string): Promise<() => Promise<void>> => {
      const server = createServer((_request, response) => response.end(JSON.stringify({ Version: version })))
      await new Promise<void>((resolve) => server.listen(socket, resolve))
      return () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
    }
    const data = makeFolder({})
    const { page, problems } = await opened([], { DOCKER_HOST: `unix://${socket}`, CUTAWAY_DATA: data })
    const badge = page.getByRole('button', { name: /^Container engine/ })
    await expect.poll(() => badge.textContent()).toContain('No engine')
    const stop = await start('77.1')
    await expect.poll(() => badge.textContent()).toContain('77.1')
    await badge.click()
    const dialog = page.getByRole('dialog', { name: 'Container engine' })
    await expect.poll(() => dialog.textContent()).toContain(`unix://${socket}`)
    expect(await axeFaults(page)).toEqual([])
    await dialog.getByLabel('Address of another engine').fill('somewhere')
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await expect.poll(() => dialog.getByRole('alert').textContent()).toMatch(/address looks like unix:/)
    await dialog.getByLabel('Address of another engine').fill('unix:///no/other.sock')
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await expect.poll(() => badge.textContent()).toContain('No engine')
    const row = dialog.getByRole('button', { name: /no\/other\.sock/ })
    await expect.poll(() => row.textContent()).toContain('there is no such socket')
    await dialog.getByRole('button', { name: /^Automatic/ }).click()
    await expect.poll(() => badge.textContent()).toContain('77.1')
    await page.keyboard.press('Escape')
    await stop()
    await expect.poll(() => badge.textContent()).toContain('No engine')
    expect(problems).toEqual([])
  })
})
