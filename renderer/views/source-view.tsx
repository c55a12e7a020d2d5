import { type DragEvent, type ReactElement, useState } from 'react'
import { FailureNote } from '../components/failure-note'
import { FolderPicker } from '../components/folder-picker'
import { ImageOpener } from '../components/image-opener'
import {
  dropFile,
  forgetRecent,
  openFileDialog,
  openFolderDialog,
  openPath,
  openProject,
  refreshEngine,
} from '../state/actions'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'

export function SourceView(): ReactElement {
  const { app, engine, sourceFailure, droppedName, isOpening, isPicking } = useStore(workspace, (state) => state)
  return (
    <div className="source">
      {engine?.kind === 'missing' && (
        <FailureNote failure={engine.failure}>
          <button type="button" onClick={() => void refreshEngine()}>
            Retry
          </button>
          <SampleButton path={app?.sample} />
        </FailureNote>
      )}
      <DropZone isBusy={isOpening} sample={app?.sample} onChoose={() => void openFolderDialog()} />
      {droppedName !== undefined && (
        <p className="note note-warn" role="alert">
          A browser does not tell where the folder “{droppedName}” lies. Choose it here instead.
        </p>
      )}
      {sourceFailure && <FailureNote failure={sourceFailure} />}
      {(isPicking || droppedName !== undefined) && (
        <FolderPicker
          onOpen={(path) => void openPath(path)}
          onClose={() => workspace.change({ isPicking: false, droppedName: undefined })}
        />
      )}
      <RecentProjects />
      <ImageOpener />
      <h2>Examples</h2>
      <ul className="examples">
        {app?.examples.map((example) => (
          <li key={example.path}>
            <button type="button" className="card" onClick={() => void openProject(example.path)}>
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
  const recent = useStore(workspace, (state) => state.recent)
  if (recent.length === 0) return null
  return (
    <section aria-label="Recent projects">
      <h2>Recent</h2>
      <ul className="recent">
        {recent.map(({ path, openedMs }) => (
          <li key={path}>
            <button type="button" className="quiet" title={path} onClick={() => void openProject(path)}>
              <strong>{path.split(/[\\/]/).at(-1)}</strong>
              <span className="recent-path">{path}</span>
              <span className="muted">{new Date(openedMs).toLocaleDateString()}</span>
            </button>
            <button
              type="button"
              className="quiet"
              aria-label={`Forget ${path}`}
              onClick={() => void forgetRecent(path)}
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
  if (path === undefined) return null
  return (
    <button
      type="button"
      title="The calculator in Go, as it was built, run and measured before; opens at once, without a container engine"
      onClick={() => void openPath(path)}
    >
      See a finished comparison
    </button>
  )
}

interface DropZoneProps {
  readonly isBusy: boolean
  readonly sample: string | undefined
  readonly onChoose: () => void
}

function DropZone({ isBusy, sample, onChoose }: DropZoneProps): ReactElement {
  const [isOver, setIsOver] = useState(false)
  const over = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(true)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    const [file] = event.dataTransfer.files
    if (file) void dropFile(file)
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
        <button type="button" className="primary" disabled={isBusy} onClick={onChoose}>
          {isBusy ? 'Reading …' : 'Choose folder …'}
        </button>
        <button type="button" disabled={isBusy} onClick={() => void openFileDialog()}>
          Open saved image or comparison …
        </button>
        <SampleButton path={sample} />
      </div>
      <p className="muted">Nothing is sent anywhere. Files are read, the folder is not changed.</p>
    </section>
  )
}
