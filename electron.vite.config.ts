import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = import.meta.dirname
const entry = (name: string): string => resolve(root, `electron/${name}.ts`)

/** docker-modem loads ssh2 when it is loaded itself. Cutaway runs the user's own ssh instead, so that package stays out. */
const withoutSsh2 = {
  name: 'without-ssh2',
  enforce: 'pre' as const,
  resolveId: (source: string) => (source === 'ssh2' ? '\0no-ssh2' : undefined),
  load: (id: string) => (id === '\0no-ssh2' ? 'export class Client {}' : undefined),
}

export default defineConfig({
  main: {
    plugins: [withoutSsh2],
    build: {
      // The same bundle runs in Electron and on plain Node 20 (command line, browser mode, tests).
      target: 'node20',
      sourcemap: true,
      // dockerode loads .proto files from its own folder and must stay outside; zod is pure and small.
      externalizeDeps: { exclude: ['zod', 'yaml', 'dockerfile-ast', 'hash-wasm', 'docker-modem'] },
      rolldownOptions: {
        input: {
          main: entry('main'),
          web: entry('web-start'),
          'web-host': entry('web'),
          cli: entry('cli'),
          'cli-thread': entry('cli-thread'),
          worker: entry('worker'),
          watchdog: entry('watchdog'),
        },
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20',
      // A sandboxed preload can require electron only, and cannot be an ES module.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: entry('preload') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      minify: true,
      sourcemap: false,
      rolldownOptions: { input: { index: resolve(root, 'renderer/index.html') } },
    },
  },
})
