import { createRoot } from 'react-dom/client'
import type { CutawayApi } from '../electron/ipc/contract'
import { App, type Views } from './app'
import { ErrorBoundary } from './components/error-boundary'
import { browser } from './state/browser'
import { createPage } from './state/page'
import { startPage } from './state/starting'
import { restoreTheme } from './state/theme'
import { PageProvider } from './state/use-page'
import './style/base.css'
import './style/shell.css'
import './style/dialogs.css'
import './style/source.css'
import './style/build.css'
import './style/variants.css'
import './style/stage-graph.css'
import './style/layers.css'
import './style/table.css'
import './style/findings.css'
import './style/run.css'
import './style/explorer.css'
import './style/map.css'
import './style/compare.css'
import './style/file-window.css'

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
