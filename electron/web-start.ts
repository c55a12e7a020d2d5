import { Worker } from 'node:worker_threads'
import { endOnSignal, endWithStarter } from './end-on-signal'

// The web host has a thread of its own, so that this one always hears a signal.
const host = new Worker(new URL('./web-host.js', import.meta.url), { argv: process.argv.slice(2) })

host.on('error', (error) => {
  console.error(error)
  process.exitCode = 70
})
host.on('exit', (code) => process.exit(process.exitCode ?? code))
endOnSignal(() => host.postMessage('stop'))
endWithStarter()
