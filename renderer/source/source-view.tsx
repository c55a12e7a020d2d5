import { type DragEvent, type ReactElement, useState } from 'react'
import { refreshEngine } from '../shared/engine'
import { FailureNote } from '../shared/failure-note'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { FolderPicker } from './folder-picker'
import { ImageOpener } from './image-opener'
import { closePicker, dropFile, forgetRecent, openFileDialog, openFolderDialog, openPath, openProject } from './opening'

/** Where the user says what is to be looked at: a project, an image, or a saved comparison. */
export function SourceView(): ReactElement {
  const page = usePage()
  const { app, engine, opening, picking } = useFields(page.workspace, 'app', 'engine', 'opening', 'picking')
  return (
    <div className="source">
      {engine?.kind === 'missing' && (
        <FailureNote failure={engine.failure}>
          <button type="button" onClick={() => void refreshEngine(page)}>
            Retry
          </button>
          <SampleButton path={app?.sample} />
        </FailureNote>
      )}
      <DropZone isBusy={opening.kind === 'opening'} sample={app?.sample} />
      {picking?.droppedName !== undefined && (
        <p className="note note-warn" role="alert">
          A browser does not tell where the folder “{picking.droppedName}” lies. Choose it here instead.
        </p>
      )}
      {opening.kind === 'failed' && <FailureNote failure={opening.failure} />}
      {picking && <FolderPicker onOpen={(path) => void openPath(page, path)} onClose={() => closePicker(page)} />}
      <RecentProjects />
      <ImageOpener />
      <h2>Examples</h2>
      <ul className="examples">
        {app?.examples.map((example) => (
          <li key={example.path}>
            <button type="button" className="card" onClick={() => void openProject(page, example.path)}>
              <strong>{example.title}</strong>
              <span>{example.summary}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function RecentProjects(): ReactElement | null {
  const page = usePage()
  const recent = usePageState((state) => state.workspace.recent)
  if (recent.length === 0) return null
  return (
    <section aria-label="Recent projects">
      <h2>Recent</h2>
      <ul className="recent">
        {recent.map(({ path, openedMs }) => (
          <li key={path}>
            <button type="button" className="quiet" title={path} onClick={() => void openProject(page, path)}>
              <strong>{path.split(/[\\/]/).at(-1)}</strong>
              <span className="recent-path">{path}</span>
              <span className="muted">{new Date(openedMs).toLocaleDateString()}</span>
            </button>
            <button
              type="button"
              className="quiet"
              aria-label={`Forget ${path}`}
              onClick={() => void forgetRecent(page, path)}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The way in for those who have no project at hand, or no engine. */
function SampleButton({ path }: { readonly path: string | undefined }): ReactElement | null {
  const page = usePage()
  if (path === undefined) return null
  return (
    <button
      type="button"
      title="The calculator in Go, as it was built, run and measured before; opens at once, without a container engine"
      onClick={() => void openPath(page, path)}
    >
      See a finished comparison
    </button>
  )
}

interface DropZoneProps {
  readonly isBusy: boolean
  readonly sample: string | undefined
}

function DropZone({ isBusy, sample }: DropZoneProps): ReactElement {
  const page = usePage()
  const [isOver, setIsOver] = useState(false)
  const over = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(true)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    const [file] = event.dataTransfer.files
    if (file) void dropFile(page, file)
  }
  return (
    <section
      className={isOver ? 'drop-zone over' : 'drop-zone'}
      data-testid="drop-zone"
      aria-label="Project"
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <p className="drop-title">
        {isOver ? 'Release to read it' : 'Drop a project folder, a Dockerfile, a saved image or a report here'}
      </p>
      <div className="drop-buttons">
        <button type="button" className="primary" disabled={isBusy} onClick={() => void openFolderDialog(page)}>
          {isBusy ? 'Reading …' : 'Choose folder …'}
        </button>
        <button type="button" disabled={isBusy} onClick={() => void openFileDialog(page)}>
          Open saved image or comparison …
        </button>
        <SampleButton path={sample} />
      </div>
      <p className="muted">Nothing is sent anywhere. Files are read, the folder is not changed.</p>
    </section>
  )
}
