import { createRoot } from 'react-dom/client'
import { App } from './app'
import { startWorkspace } from './state/actions'
import './style/base.css'
import './style/views.css'
import './style/explorer.css'

createRoot(document.getElementById('root')!).render(<App />)
void startWorkspace()
