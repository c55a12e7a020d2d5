import { join, resolve } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { setWatchdogScript } from './engine/life/watchdog'
import { RemoteImageStore } from './engine/store/remote-store'
import { createBackend } from './ipc/handlers'
import { startWebHost } from './ipc/web-host'
import { launchFolder, openBrowser, systemOpener } from './open-browser'
import { appVersion } from './version'

const launchLifetimeMs = 60_000

setWatchdogScript(new URL('./watchdog.js', import.meta.url))

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const initialPath = folder === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', folder)
const log = (text: string): void => console.error(text)

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
      log,
    }),
})

console.log(host.url)

const opener = process.argv.includes('--open') ? systemOpener() : undefined
// Its end is waited for at the end: the launch file must not stay.
const opened =
  opener === undefined
    ? Promise.resolve()
    : openBrowser(host.launch(launchLifetimeMs), { opener, folder: launchFolder(), log }).catch((error) =>
        log(`The browser was not opened: ${error instanceof Error ? error.message : String(error)}.`),
      )

const stop = (): void => {
  Promise.allSettled([host.close(), opened]).finally(() => process.exit(0))
}
parentPort?.once('message', stop)
