import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import { describeFailure } from '../../electron/core/describe-failure'
import type { EngineOptionView, EngineStatus } from '../../electron/ipc/views'
import { chooseEngine, listEngines, refreshEngine } from '../shared/engine'
import { FailureNote } from '../shared/failure-note'
import { usePage, usePageState } from '../shared/use-page'

/** Which engine is used, always in view; a press lists the others. */
export function EnginePicker(): ReactElement {
  const engine = usePageState((state) => state.workspace.engine)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="quiet engine"
        title={engine?.kind === 'ready' ? `${engine.address} (${engine.origin})` : undefined}
        onClick={() => setOpen(true)}
      >
        <span className="visually-hidden">Container engine: </span>
        <span className={`dot ${engine?.kind === 'ready' ? 'dot-good' : 'dot-bad'}`} /> {statusText(engine)}
        {engine?.kind === 'ready' && engine.isPrivate && <span className="tag">Cutaway’s own</span>}
        {engine?.kind === 'ready' && engine.sharesNetwork !== undefined && (
          <span className="tag">shares this machine’s network</span>
        )}
      </button>
      {isOpen && <EngineDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function statusText(engine: EngineStatus | undefined): string {
  if (engine === undefined) return 'Looking for an engine …'
  return engine.kind === 'ready' ? `${engine.name} ${engine.version}` : 'No engine'
}

interface EngineOptions {
  /** Undefined while they are asked. */
  readonly options: readonly EngineOptionView[] | undefined
  readonly look: () => Promise<void>
  readonly choose: (address: string | undefined) => Promise<void>
}

function useEngineOptions(): EngineOptions {
  const page = usePage()
  const [options, setOptions] = useState<readonly EngineOptionView[] | undefined>(undefined)
  const look = async (): Promise<void> => {
    setOptions(undefined)
    await refreshEngine(page)
    setOptions(await listEngines(page))
  }
  const choose = async (address: string | undefined): Promise<void> => {
    await chooseEngine(page, address)
    await look()
  }
  return { options, look, choose }
}

function EngineDialog({ onClose }: { onClose: () => void }): ReactElement {
  const engine = usePageState((state) => state.workspace.engine)
  const dialog = useRef<HTMLDialogElement>(null)
  const { options, look, choose } = useEngineOptions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is opened
  useEffect(() => {
    dialog.current?.showModal()
    void look()
  }, [])
  return (
    <dialog ref={dialog} className="panel settings engine-dialog" aria-label="Container engine" onClose={onClose}>
      <h2>Container engine</h2>
      {engine?.kind === 'missing' && <FailureNote failure={engine.failure} />}
      {engine?.kind === 'ready' && engine.sharesNetwork !== undefined && (
        <p role="note">
          Builds share this machine’s network and can reach its local services. Reason: {engine.sharesNetwork}.
        </p>
      )}
      <ul className="engine-list" aria-busy={options === undefined}>
        <EngineRow
          title="Automatic"
          note="Docker’s own setting, or the first that answers"
          isChosen={options?.every(({ isChosen }) => !isChosen) === true}
          onChoose={() => void choose(undefined)}
        />
        {options?.map((option) => (
          <EngineRow
            key={`${option.origin} ${option.address}`}
            title={option.version ?? 'Not available'}
            note={[option.address, option.isPrivate ? 'Cutaway’s own engine' : option.origin]
              .filter(Boolean)
              .join(' · ')}
            reason={option.reason}
            isChosen={option.isChosen}
            onChoose={option.address === '' ? undefined : () => void choose(option.address)}
          />
        ))}
      </ul>
      <p className="muted" role="status">
        {options === undefined ? 'Asking all that are known of …' : ''}
      </p>
      <OtherEngine onChoose={(address) => void choose(address)} />
      <form method="dialog" className="dialog-end">
        <button type="button" onClick={() => void look()}>
          Look again
        </button>
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

interface EngineRowProps {
  readonly title: string
  readonly note: string
  readonly isChosen: boolean
  /** Why it cannot be used. */
  readonly reason?: string | undefined
  /** Undefined when it cannot be picked. */
  readonly onChoose: (() => void) | undefined
}

export function EngineRow({ title, note, isChosen, reason, onChoose }: EngineRowProps): ReactElement {
  return (
    <li>
      <button
        type="button"
        className="engine-row"
        aria-pressed={isChosen}
        disabled={onChoose === undefined}
        onClick={onChoose}
      >
        <span className={`dot ${reason === undefined ? 'dot-good' : 'dot-bad'}`} />
        <strong>{title}</strong>
        <span className="muted">{note}</span>
        {isChosen && <span className="tag">in use</span>}
        {reason !== undefined && <span className="engine-reason">{reason}</span>}
      </button>
    </li>
  )
}

function OtherEngine({ onChoose }: { onChoose: (address: string) => void }): ReactElement {
  const problem = usePageState((state) => state.workspace.engineProblem)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const address = String(new FormData(event.currentTarget).get('address') ?? '').trim()
    if (address !== '') onChoose(address)
  }
  return (
    <form className="engine-other" onSubmit={submit}>
      <input
        name="address"
        aria-label="Address of another engine"
        placeholder="unix:///…/docker.sock, tcp://host:2376, ssh://user@host"
        spellCheck={false}
      />
      <button type="submit">Use it</button>
      {problem && <p role="alert">{describeFailure(problem).title}</p>}
    </form>
  )
}
