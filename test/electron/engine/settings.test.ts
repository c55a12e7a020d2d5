import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings, writeSettings } from '../../../electron/engine/store/settings'
import { makeFolder } from '../../support/folder'

test('what was chosen is found again; what is missing or of a wrong form has its default', async () => {
  const file = join(makeFolder({}), 'new/settings.json')
  expect(await readSettings(file)).toEqual({ readsEngineFiles: true })
  await writeSettings(file, { readsEngineFiles: false })
  expect(await readSettings(file)).toEqual({ readsEngineFiles: false })
  for (const text of ['', '{', 'null', '[]', '{"readsEngineFiles":"no"}', '{"other":1}']) {
    writeFileSync(file, text)
    expect(await readSettings(file)).toEqual({ readsEngineFiles: true })
  }
})

test('settings that cannot be written are said, and nothing is left beside them', async () => {
  const file = join(makeFolder({}), 'settings.json')
  mkdirSync(join(file, 'in-the-way'), { recursive: true })
  await expect(writeSettings(file, { readsEngineFiles: true })).rejects.toMatchObject({
    failure: { code: 'path-unwritable', path: file },
  })
  expect(existsSync(`${file}.${process.pid}.part`)).toBe(false)
})
