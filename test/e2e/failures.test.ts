import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages } from '../support/engine'
import { explorerPage } from '../support/explorer-page'
import { makeFolder } from '../support/folder'
import { axeFaults, hasBrowser, openWebApp, shot, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(!hasBrowser)('what goes wrong is said', () => {
  const opened = async (args: readonly string[], environment?: Record<string, string>): Promise<WebApp> => {
    const app = await openWebApp(args, environment)
    onTestFinished(() => app.close())
    return app
  }
  const alert = (page: Page): Promise<string | null> => page.getByRole('alert').first().textContent()

  test('no engine: how to get one, and the project can be seen all the same', async () => {
    const { page } = await opened([copyOfGo()], { DOCKER_HOST: 'unix:///no/such.sock' })
    await page.getByRole('button', { name: 'Build both variants' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Build both variants' }).isDisabled()).toBe(true)
    await expect
      .poll(() => alert(page))
      .toMatch(/The engine in DOCKER_HOST \(unix:\/\/\/no\/such\.sock\) cannot be used: .*Unset it/)
    await shot(page, 'no-engine')
    expect(await axeFaults(page)).toEqual([])
  })

  test('a folder without Dockerfile, one that is gone, and a Dockerfile with a wrong line', async () => {
    const empty = makeFolder({ 'README.md': '' })
    const { page } = await opened([empty])
    await expect.poll(() => alert(page)).toMatch(/There is no Dockerfile in/)
    for (const [path, message] of [
      ['/no/such/folder', /does not exist/],
      [makeFolder({ Dockerfile: 'FROM a\nFOO\n' }), /Dockerfile:2 cannot be understood: unknown instruction FOO/],
    ] as const) {
      if ((await page.getByLabel('Folder path').count()) === 0)
        await page.getByRole('button', { name: 'Choose folder' }).click()
      await page.getByLabel('Folder path').fill(path)
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await expect.poll(() => alert(page)).toMatch(message)
    }
    await shot(page, 'unparsable')
  })

  test.skipIf(engine === undefined)(
    'a build that fails shows the line and the log; the other variant is done',
    async () => {
      const folder = makeFolder({
        Dockerfile: 'FROM debian:bookworm\nRUN echo something went wrong && exit 4\n',
        'Dockerfile.multistage':
          'FROM debian:bookworm AS build\nRUN echo x > /x\nFROM scratch\nCOPY --from=build /x /x\nCMD ["/x"]\n',
      })
      onTestFinished(() => removeImages(engine!.client, folder))
      const { page } = await opened([folder])
      await page.getByRole('button', { name: 'Build both variants' }).click()
      await page.getByText('The before variant failed').waitFor()
      await expect
        .poll(() => alert(page))
        .toMatch(/Dockerfile:2: “RUN echo something went wrong && exit 4” failed with exit code 4/)
      await expect.poll(() => page.getByTestId('step-log').textContent()).toContain('something went wrong')
      await expect.poll(() => page.getByTestId('after-progress').textContent()).toContain('built in')
      await shot(page, 'build-failed')
      expect(await axeFaults(page)).toEqual([])
      await page.context().grantPermissions(['clipboard-write'])
      await page.getByRole('button', { name: 'Copy error and log' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      expect(await pasted(page)).toMatch(
        /^Dockerfile:2: “RUN echo something went wrong && exit 4” failed with exit code 4(.|\n)*\nsomething went wrong/,
      )
      await page.getByRole('button', { name: 'Look into this image alone' }).click()
      await expect.poll(() => page.getByTestId('verdict').textContent()).toBe('2 B unpacked, 1 entry in 1 layer.')
      const { step } = explorerPage(page)
      await step(/Build/)
      await expect.poll(() => alert(page)).toMatch(/failed with exit code 4/)
      await page.getByRole('button', { name: 'Open the editor' }).click()
      await page.getByRole('button', { name: 'Build both variants' }).waitFor()
    },
  )

  test.skipIf(engine === undefined)('a cancel is said, and the build can be started again', async () => {
    const folder = makeFolder({
      Dockerfile:
        'FROM debian:bookworm AS build\nRUN sleep 300\nFROM scratch\nCOPY --from=build /etc/passwd /x\nCMD ["/x"]\n',
    })
    const { page } = await opened([folder])
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.locator('.step-row', { hasText: 'sleep 300' }).first().locator('.state-running').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled: nothing was kept').waitFor()
    const again = page.getByRole('button', { name: 'Build again' })
    await expect.poll(() => again.isEnabled()).toBe(true)
    await again.click()
    await page.locator('.step-row', { hasText: 'sleep 300' }).first().locator('.state-running').waitFor()
    await page.keyboard.press('Control+.')
    await page.getByText('Cancelled: nothing was kept').waitFor()
  })

  test('a host that ended is said', async () => {
    const { page, host } = await opened([])
    const example = page.getByRole('button', { name: /^Calculator in C/ })
    await example.waitFor()
    host.kill()
    await new Promise((resolve) => host.once('exit', resolve))
    await example.click()
    await expect.poll(() => alert(page)).toMatch(/the Cutaway process does not answer/)
  })
})

function copyOfGo(): string {
  const { folder, remove } = copyExample('calculator-go')
  onTestFinished(remove)
  return folder
}

/** What is on the clipboard, pasted as a user does: the page itself may not read it. */
async function pasted(page: Page): Promise<string> {
  await page.evaluate(() => {
    const field = document.createElement('textarea')
    field.id = 'pasted'
    document.body.append(field)
    field.focus()
  })
  await page.keyboard.press('Control+V')
  const field = page.locator('#pasted')
  const text = await field.inputValue()
  await field.evaluate((element) => element.remove())
  return text
}
