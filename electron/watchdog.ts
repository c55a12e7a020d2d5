import { serveWatchdog } from './engine/life/serve-watchdog'
import type { WatchOrder } from './engine/life/watchdog'

await serveWatchdog(JSON.parse(process.argv.at(-1)!) as WatchOrder)
process.exit(0)
