import { indexCacheFolder, recentFile, settingsFile } from '../engine/setup/data-directory'
import { DiskIndexCache } from '../engine/store/index-cache'
import { forgetRecent, readRecent } from '../engine/store/recent'
import { changeSettings, readSettings } from '../engine/store/settings'
import type { Handlers } from './contract'
import type { SettingsState } from './views'

/** Requests about what is kept in Cutaway's own folder. */
export const settingsHandlers: Pick<
  Handlers,
  'settings.state' | 'settings.change' | 'cache.clear' | 'recent.state' | 'recent.forget'
> = {
  'settings.state': settingsState,
  'settings.change': async (settings) => {
    await changeSettings(settingsFile(), settings)
    return settingsState()
  },
  'cache.clear': async () => {
    await new DiskIndexCache(indexCacheFolder()).clear()
    return settingsState()
  },
  'recent.state': () => readRecent(recentFile()),
  'recent.forget': async ({ path }) => {
    await forgetRecent(recentFile(), path)
    return readRecent(recentFile())
  },
}

async function settingsState(): Promise<SettingsState> {
  const folder = indexCacheFolder()
  const [settings, use] = await Promise.all([readSettings(settingsFile()), new DiskIndexCache(folder).use()])
  return { readsEngineFiles: settings.readsEngineFiles, cache: { folder, ...use } }
}
