import { parentPort } from 'node:worker_threads'
import { setWatchdogScript } from './engine/life/watchdog'
import { serveStore } from './engine/store/serve-store'

setWatchdogScript(new URL('./watchdog.js', import.meta.url))
serveStore(parentPort!)
