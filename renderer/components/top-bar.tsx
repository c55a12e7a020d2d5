import type { ReactElement } from 'react'
import { useStore } from '../state/store'
import { subjectOf, workspace } from '../state/workspace'
import { EnginePicker } from './engine-picker'
import { SettingsButton } from './settings-dialog'
import { ThemeSwitch } from './theme-switch'

export function TopBar(): ReactElement {
  const project = useStore(workspace, (state) => state.project)
  const isReport = useStore(workspace, (state) => state.app?.host === 'report')
  const saved = useStore(workspace, ({ comparison }) =>
    comparison?.view?.origin === 'saved' ? subjectOf(comparison.view) : undefined,
  )
  return (
    <header className="top-bar">
      <h1>Cutaway</h1>
      {project && (
        <span className="project-path" title={project.folder}>
          <bdi>{project.folder}</bdi>
        </span>
      )}
      {saved !== undefined && <span className="project-path">{saved}, as it was saved</span>}
      <span className="space" />
      {!isReport && (
        <>
          <EnginePicker />
          <SettingsButton />
        </>
      )}
      <ThemeSwitch />
    </header>
  )
}
