import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addRecent, forgetRecent, readRecent } from '../../../electron/engine/store/recent'
import { changeSettings, readSettings } from '../../../electron/engine/store/settings'
import { makeFolder } from '../../support/folder'

test('what was chosen is found again; what is missing or of a wrong form has its default', async () => {
  const file = join(makeFolder({}), 'new/settings.json')
  expect(await readSettings(file)).toEqual({ readsEngineFiles: true })
  await changeSettings(file, { readsEngineFiles: false })
  expect(await readSettings(file)).toEqual({ readsEngineFiles: false })
  for (const text of ['', '{', 'null', '[]', '{"readsEngineFiles":"no"}', '{"other":1}']) {
    writeFileSync(file, text)
    expect(await readSettings(file)).toEqual({ readsEngineFiles: true })
  }
})

test('settings that cannot be written are said, and nothing is left beside them', async () => {
  const file = join(makeFolder({}), 'settings.json')
  mkdirSync(join(file, 'in-the-way'), { recursive: true })
  await expect(changeSettings(file, { readsEngineFiles: true })).rejects.toMatchObject({
    failure: { code: 'path-unwritable', path: file },
  })
  expect(existsSync(`${file}.${process.pid}.part`)).toBe(false)
})

test('recent projects: newest first, each once, those that are there; a damaged list holds what can be told', async () => {
  const parent = makeFolder(Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`p${at + 1}/Dockerfile`, ''])))
  const file = join(parent, 'new/recent.json')
  const names = async () => (await readRecent(file)).map(({ path }) => path.slice(parent.length + 1))
  expect(await names()).toEqual([])
  for (let at = 1; at <= 12; at++) await addRecent(file, { path: join(parent, `p${at}`), openedMs: at })
  await addRecent(file, { path: join(parent, 'p5'), openedMs: 20 })
  expect(await names()).toEqual([5, 12, 11, 10, 9, 8, 7, 6, 4, 3].map((at) => `p${at}`))
  await forgetRecent(file, join(parent, 'p12'))
  rmSync(join(parent, 'p11'), { recursive: true })
  expect(await names()).toEqual([5, 10, 9, 8, 7, 6, 4, 3, 2, 1].map((at) => `p${at}`))
  mkdirSync(join(parent, 'p11'))
  expect((await names())[1]).toBe('p11')
  writeFileSync(file, JSON.stringify([{ path: join(parent, 'p1'), openedMs: 1 }, { path: 2 }, null, 'x']))
  expect(await names()).toEqual(['p1'])
  writeFileSync(file, '{')
  expect(await names()).toEqual([])
})

test('changing one setting leaves the others; an engine of another form than a text is none', async () => {
  const file = join(makeFolder({}), 'settings.json')
  await changeSettings(file, { engineAddress: 'unix:///a.sock' })
  await changeSettings(file, { readsEngineFiles: false })
  expect(await readSettings(file)).toEqual({ readsEngineFiles: false, engineAddress: 'unix:///a.sock' })
  await changeSettings(file, { engineAddress: undefined })
  expect(await readSettings(file)).toEqual({ readsEngineFiles: false, engineAddress: undefined })
  writeFileSync(file, '{"engineAddress":7}')
  expect(await readSettings(file)).toEqual({ readsEngineFiles: true, engineAddress: undefined })
})
