import { type ReactElement, useRef, useState } from 'react'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import type { Reply } from '../../electron/ipc/contract'
import type { SettingsState } from '../../electron/ipc/views'
import { FailureNote } from '../shared/failure-note'
import { usePage } from '../shared/use-page'
import { clearCache, readSettings, setReadsEngineFiles } from './settings'

/** Opens the settings; they are asked for each time, because a command line may have changed them. */
export function SettingsButton(): ReactElement {
  const page = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  const [reply, setReply] = useState<Reply<SettingsState>>()
  const open = async (): Promise<void> => {
    setReply(await readSettings(page))
    dialog.current?.showModal()
  }
  return (
    <>
      <button type="button" className="quiet" onClick={() => void open()}>
        Settings
      </button>
      <dialog ref={dialog} className="panel settings" aria-label="Settings">
        <h2>Settings</h2>
        {reply?.ok && <SettingsForm state={reply.value} onReply={setReply} />}
        {reply && !reply.ok && <FailureNote failure={reply.failure} />}
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  )
}

interface SettingsFormProps {
  readonly state: SettingsState
  readonly onReply: (reply: Reply<SettingsState>) => void
}

function SettingsForm({ state, onReply }: SettingsFormProps): ReactElement {
  const page = usePage()
  const { readsEngineFiles, cache } = state
  const change = async (value: boolean): Promise<void> => onReply(await setReadsEngineFiles(page, value))
  return (
    <>
      <label className="setting">
        <input type="checkbox" checked={readsEngineFiles} onChange={(event) => void change(event.target.checked)} />
        <span>
          Read layers from the engine’s own files
          <small className="muted">
            Through a container that is never started; about ten times faster. Otherwise every image is exported.
          </small>
        </span>
      </label>
      <div className="setting">
        <span>
          Index cache: {formatBytes(cache.bytes)} in {formatQuantity(cache.files, 'file')}
          <small className="muted path">
            <bdi>{cache.folder}</bdi>
          </small>
        </span>
        <button type="button" disabled={cache.files === 0} onClick={() => void clearCache(page).then(onReply)}>
          Clear
        </button>
      </div>
    </>
  )
}
