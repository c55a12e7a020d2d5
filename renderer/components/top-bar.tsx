import type { ReactElement } from 'react'
import { describeFailure } from '../../electron/core/describe-failure'
import type { EngineStatus } from '../../electron/ipc/contract'
import { refreshEngine } from '../state/actions'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'
import { SettingsButton } from './settings-dialog'
import { ThemeSwitch } from './theme-switch'

export function TopBar(): ReactElement {
  const engine = useStore(workspace, (state) => state.engine)
  const project = useStore(workspace, (state) => state.project)
  return (
    <header className="top-bar">
      <h1>Cutaway</h1>
      {project && (
        <span className="project-path" title={project.folder}>
          <bdi>{project.folder}</bdi>
        </span>
      )}
      <span className="space" />
      <EngineBadge engine={engine} />
      <SettingsButton />
      <ThemeSwitch />
    </header>
  )
}

function EngineBadge({ engine }: { engine: EngineStatus | undefined }): ReactElement {
  if (engine === undefined) return <span className="engine">Looking for an engine …</span>
  if (engine.kind === 'missing')
    return (
      <span className="engine">
        <span className="dot dot-bad" /> <span title={describeFailure(engine.failure).title}>No engine</span>
        <button type="button" className="quiet" onClick={() => void refreshEngine()}>
          Retry
        </button>
      </span>
    )
  return (
    <span className="engine" title={`${engine.address} (${engine.origin})`}>
      <span className="dot dot-good" /> {engine.name} {engine.version}
      {engine.isPrivate && <span className="tag">Cutaway’s own</span>}
    </span>
  )
}
