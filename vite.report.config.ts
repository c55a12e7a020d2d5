import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// The page of a report: the same views as the app's, in one HTML file. `electron/engine/store/report-file` puts a comparison into it.

const root = resolve(import.meta.dirname, 'renderer')

export default defineConfig({
  root,
  plugins: [react(), inOneFile()],
  build: {
    outDir: resolve(import.meta.dirname, 'out/report'),
    emptyOutDir: true,
    assetsInlineLimit: Number.POSITIVE_INFINITY,
    cssCodeSplit: false,
    modulePreload: false,
    // What is loaded when first shown in the app stands in the file from the start.
    rolldownOptions: { input: resolve(root, 'report.html'), output: { codeSplitting: false } },
    chunkSizeWarningLimit: 2000,
  },
})

/** Moves script and style into the page, and forbids it every other script and all of the network. */
function inOneFile(): Plugin {
  return {
    name: 'in-one-file',
    generateBundle: {
      // After Vite's own plugins have had the script.
      order: 'post',
      handler(_options, bundle) {
        const parts = Object.values(bundle)
        const page = parts.find(({ fileName }) => fileName.endsWith('.html'))
        const script = parts.find((part) => part.type === 'chunk')
        const style = parts.find(({ fileName }) => fileName.endsWith('.css'))
        if (page?.type !== 'asset' || script?.type !== 'chunk' || style?.type !== 'asset' || parts.length !== 3)
          throw new Error(`a report is one page, one script and one style, not ${Object.keys(bundle).join(', ')}`)
        const code = script.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
        const hash = createHash('sha256').update(code).digest('base64')
        const policy = [
          `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data: blob:`,
          `object-src 'none'; form-action 'none'; base-uri 'none'`,
        ].join('; ')
        page.source = String(page.source)
          .replace(/<script type="module"[^>]*src=[^>]*><\/script>/, '')
          .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style.source}</style>`)
          .replace('<head>', () => `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`)
          .replace('</body>', () => `<script type="module">${code}</script></body>`)
        delete bundle[script.fileName]
        delete bundle[style.fileName]
      },
    },
  }
}
