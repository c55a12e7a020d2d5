import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RemoteImageStore } from './engine/store/remote-store'
import { createBackend } from './ipc/handlers'
import { startWebHost } from './ipc/web-host'
import { appVersion } from './version'

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const initialPath = folder === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', folder)

const host = await startWebHost({
  rendererFolder: join(import.meta.dirname, '../renderer'),
  createBackend: (emit) =>
    createBackend({
      host: 'web',
      version: appVersion(import.meta.dirname),
      initialPath,
      resources: join(import.meta.dirname, '../../resources'),
      reportPage: join(import.meta.dirname, '../report/report.html'),
      store: new RemoteImageStore(new URL('./worker.js', import.meta.url)),
      emit,
      choosePath: async () => undefined,
      log: (text) => console.error(text),
    }),
})

console.log(host.url)

const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? '/usr/bin/xdg-open'
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
if (hasDisplay && process.argv.includes('--open') && (process.platform !== 'linux' || existsSync(opener)))
  spawn(opener, [host.url], { detached: true, stdio: 'ignore' }).unref()

const stop = (): void => {
  host.close().finally(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
