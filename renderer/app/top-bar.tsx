import type { ReactElement } from 'react'
import { comparedIn, subjectOf } from '../shared/selectors'
import { usePageState } from '../shared/use-page'
import { EnginePicker } from './engine-picker'
import { SettingsButton } from './settings-dialog'
import { ThemeSwitch } from './theme-switch'

export function TopBar(): ReactElement {
  const project = usePageState((state) => state.workspace.project)
  const isReport = usePageState((state) => state.workspace.app?.host === 'report')
  const saved = usePageState((state) => {
    const view = comparedIn(state)?.view
    return view?.origin === 'saved' ? subjectOf(view) : undefined
  })
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
