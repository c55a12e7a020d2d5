import type { ReactElement } from 'react'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'
import { EnginePicker } from './engine-picker'
import { SettingsButton } from './settings-dialog'
import { ThemeSwitch } from './theme-switch'

export function TopBar(): ReactElement {
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
      <EnginePicker />
      <SettingsButton />
      <ThemeSwitch />
    </header>
  )
}
