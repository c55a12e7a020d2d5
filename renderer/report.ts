import { savedDigestBytes, savedMagic, unpackComparison } from '../electron/core/compare/saved-comparison'
import { createReportApi } from './app/report-api'

// The first script of a report: the page of the app, with the comparison that stands in the file for its host.

try {
  const text = document.getElementById('comparison')!.textContent
  const file = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const packed = new Blob([file.subarray(savedMagic.length + savedDigestBytes)])
  const unpacked = await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
  const api = createReportApi(file, unpackComparison(new Uint8Array(unpacked)))
  const { showReport } = await import('./app/report-app')
  showReport(api)
} catch (error) {
  document.getElementById('root')!.textContent =
    `This report cannot be shown: ${error instanceof Error ? error.message : error}. It is damaged, or the browser is too old.`
}
