import { createRoot } from 'react-dom/client'
import type { CutawayApi } from '../../electron/ipc/contract'
import { browser } from '../shared/browser'
import { createPage } from '../shared/page'
import { PageProvider } from '../shared/use-page'
import { App, type Views } from './app'
import { ErrorBoundary } from './error-boundary'
import { startPage } from './start'
import { restoreTheme } from './theme'
import '../shared/base.css'
import './shell.css'
import '../shared/dialogs.css'
import '../source/source.css'
import '../build/build.css'
import '../variants/variants.css'
import '../build/stage-graph.css'
import '../compare/layers.css'
import '../shared/table.css'
import '../findings/findings.css'
import '../findings/run.css'
import '../compare/explorer.css'
import '../compare/map.css'
import '../compare/compare.css'
import '../compare/file-window.css'

/** Shows the app with the views that the page has, over the host that this api leads to. */
export function mount(api: CutawayApi, views: Views): void {
  const page = createPage(api, browser)
  restoreTheme(page)
  createRoot(document.getElementById('root')!).render(
    <ErrorBoundary>
      <PageProvider value={page}>
        <App views={views} />
      </PageProvider>
    </ErrorBoundary>,
  )
  void startPage(page)
}
