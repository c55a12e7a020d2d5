import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { dockerConfigFolder, homeDirectory } from '../../../electron/engine/home-directory'
import { listFolder } from '../../../electron/engine/project/list-folder'
import {
  dataDirectory,
  indexCacheFolder,
  recentFile,
  settingsFile,
} from '../../../electron/engine/setup/data-directory'
import { DiskIndexCache } from '../../../electron/engine/store/index-cache'
import { makeOwnFolder } from '../../../electron/engine/store/own-files'
import { addRecent } from '../../../electron/engine/store/recent'
import { changeSettings } from '../../../electron/engine/store/settings'
import { makeFolder } from '../../support/folder'
import { layer } from '../../support/tar'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

/** All that a data folder holds, with its mode. */
const modesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => [
      name,
      modeOf(join(folder, name)),
    ]),
  )

async function writeEverything(): Promise<void> {
  const cache = new DiskIndexCache(indexCacheFolder())
  await cache.keepImage('ab', { configJson: '{"config":{"Env":["TOKEN=x"]}}', transferBytes: undefined })
  await cache.keepLayer('cd', await layer([['a', 'b']]))
  await addRecent(recentFile(), { path: '/', openedMs: 1 })
  await changeSettings(settingsFile(), { readsEngineFiles: false })
}

const privateModes = {
  '': '700',
  'index-cache': '700',
  'index-cache/image-ab.v2': '600',
  'index-cache/layer-cd.v2': '600',
  'recent.json': '600',
  'settings.json': '600',
}

const umask = process.umask()
afterEach(() => {
  vi.unstubAllEnvs()
  process.umask(umask)
})

describe('the data folder belongs to its user alone', () => {
  // 0777 takes even the user's own rights away.
  for (const mask of [0, 0o022, 0o777])
    test(`whatever is written first, with the umask ${mask.toString(8)}`, async () => {
      const data = join(makeFolder({}), 'new/folder')
      vi.stubEnv('CUTAWAY_DATA', data)
      process.umask(mask)
      await writeEverything()
      process.umask(umask)
      expect(modesIn(data)).toEqual(privateModes)
    })

  test('a wider one that an older Cutaway left is tightened, and so are its files', async () => {
    const data = makeFolder({ 'index-cache/image-ab.v2': '', 'recent.json': '[]', 'settings.json': '{}' })
    for (const path of ['.', 'index-cache']) chmodSync(join(data, path), 0o755)
    for (const path of ['index-cache/image-ab.v2', 'recent.json', 'settings.json']) chmodSync(join(data, path), 0o644)
    vi.stubEnv('CUTAWAY_DATA', data)
    await makeOwnFolder(indexCacheFolder())
    const { 'index-cache/layer-cd.v2': _notWritten, ...rest } = privateModes
    expect(modesIn(data)).toEqual(rest)
  })

  test('a folder that the user shares with other things keeps its permissions; what Cutaway puts into it is private', async () => {
    const data = makeFolder({ 'notes.txt': '' })
    chmodSync(data, 0o755)
    chmodSync(join(data, 'notes.txt'), 0o644)
    vi.stubEnv('CUTAWAY_DATA', data)
    await writeEverything()
    expect(modesIn(data)).toEqual({ ...privateModes, '': '755', 'notes.txt': '644' })
  })
})

describe('where the data folder is', () => {
  const home = userInfo().homedir
  const inHome = (folder: string): string => join(folder, '.local/share/cutaway')
  test.runIf(process.platform === 'linux')('never the current folder, whatever the environment says', async () => {
    expect(dataDirectory({ HOME: '/h' })).toBe(inHome('/h'))
    expect(dataDirectory({ HOME: '/h', XDG_DATA_HOME: '/x' })).toBe('/x/cutaway')
    expect(dataDirectory({ HOME: '' })).toBe(inHome(home))
    expect(dataDirectory({ HOME: 'relative' })).toBe(inHome(home))
    expect(dataDirectory({})).toBe(inHome(home))
    expect(dataDirectory({ HOME: '/h', XDG_DATA_HOME: '' })).toBe(inHome('/h'))
    expect(dataDirectory({ HOME: '/h', XDG_DATA_HOME: 'x' })).toBe(inHome('/h'))
    expect(dataDirectory({ HOME: '/h', CUTAWAY_DATA: '' })).toBe(inHome('/h'))
    expect(dataDirectory({ HOME: '/h', CUTAWAY_DATA: '/d' })).toBe('/d')
    expect(dataDirectory({ HOME: '/h', CUTAWAY_DATA: 'd/e', INIT_CWD: '/from' })).toBe('/from/d/e')
  })

  test.runIf(process.platform === 'linux')('is the same for scripts that run before the app is built', async () => {
    const script: { dataFolder: (environment: NodeJS.ProcessEnv) => string } = await import(
      join(import.meta.dirname, '../../../scripts/data-folder.mjs')
    )
    const values = [undefined, '', 'relative', '/absolute']
    for (const CUTAWAY_DATA of values)
      for (const XDG_DATA_HOME of values)
        for (const HOME of values)
          for (const INIT_CWD of [undefined, '', '/from']) {
            const given = Object.entries({ CUTAWAY_DATA, XDG_DATA_HOME, HOME, INIT_CWD })
            const environment = Object.fromEntries(given.filter(([, value]) => value !== undefined))
            expect(script.dataFolder(environment), JSON.stringify(environment)).toBe(dataDirectory(environment))
          }
  })

  test('an empty HOME hides no home: of Docker, and of the folder picker', async () => {
    expect(homeDirectory({ HOME: '' })).toBe(home)
    expect(dockerConfigFolder({ HOME: '', DOCKER_CONFIG: '' })).toBe(join(home, '.docker'))
    expect(dockerConfigFolder({ HOME: '/h', DOCKER_CONFIG: '/c' })).toBe('/c')
    vi.stubEnv('HOME', '')
    expect((await listFolder()).path).toBe((await listFolder(home)).path)
  })
})

describe('writers at the same time', () => {
  const opened = (at: number) => ({ path: `/p${at}`, openedMs: at })

  test('lose no entry of the list of projects', async () => {
    const data = makeFolder({})
    const file = join(data, 'recent.json')
    await Promise.all(Array.from({ length: 30 }, (_, at) => addRecent(file, opened(at))))
    const kept: { path: string }[] = JSON.parse(readFileSync(file, 'utf8'))
    expect(kept.map(({ path }) => path).sort()).toEqual(Array.from({ length: 30 }, (_, at) => `/p${at}`).sort())
    expect(readdirSync(data)).toEqual(['recent.json'])
  })

  test('wait for another process, and go on when that has ended or taken too long', async () => {
    const data = makeFolder({})
    const file = join(data, 'recent.json')
    writeFileSync(`${file}.lock`, String(process.pid)) // somebody who lives
    let isDone = false
    const adding = addRecent(file, opened(1)).then(() => {
      isDone = true
    })
    await addRecent(join(data, 'other.json'), opened(1)) // takes as long, and waits for nobody
    expect(isDone).toBe(false)
    expect(existsSync(file)).toBe(false)
    writeFileSync(`${file}.lock`, '999999999') // no such process
    await adding
    expect(readdirSync(data).sort()).toEqual(['other.json', 'recent.json'])
  })
})
