import { parentPort } from 'node:worker_threads'
import { serveStore } from './engine/store/serve-store'

serveStore(parentPort!)
