import type { Reply } from '../../electron/ipc/contract'
import type { SettingsState } from '../../electron/ipc/views'
import type { Page } from '../shared/page'

/** The settings as they are now: a command line may have changed them. */
export const readSettings = ({ api }: Page): Promise<Reply<SettingsState>> => api.request('settings.state', {})

export const setReadsEngineFiles = ({ api }: Page, readsEngineFiles: boolean): Promise<Reply<SettingsState>> =>
  api.request('settings.change', { readsEngineFiles })

/** Deletes what indexing keeps on disk. */
export const clearCache = ({ api }: Page): Promise<Reply<SettingsState>> => api.request('cache.clear', {})
