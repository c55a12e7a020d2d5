import { formatBytes, formatQuantity } from '../core/format'
import { indexCacheFolder } from '../engine/setup/data-directory'
import { DiskIndexCache } from '../engine/store/index-cache'
import type { Command } from './command'

/** `cache show | clear` */
export const run: Command = async (call) => {
  const [what] = call.arguments
  const cache = new DiskIndexCache(indexCacheFolder())
  const { files, bytes } = await cache.use()
  const amount = `${formatBytes(bytes)} in ${formatQuantity(files, 'file')}`
  if (what === 'clear') await cache.clear()
  call.print(what === 'clear' ? `Cleared ${amount}.` : `The index cache holds ${amount}: ${indexCacheFolder()}`)
  return { output: '', exitCode: 0 }
}
