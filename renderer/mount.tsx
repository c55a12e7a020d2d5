import { createRoot } from 'react-dom/client'
import { App, type Views } from './app'
import { ErrorBoundary } from './components/error-boundary'
import { startWorkspace } from './state/actions'
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

/** Shows the app with the views that the page has. */
export function mount(views: Views): void {
  createRoot(document.getElementById('root')!).render(
    <ErrorBoundary>
      <App views={views} />
    </ErrorBoundary>,
  )
  void startWorkspace()
}
