import { type ReactElement, useEffect, useRef, useState } from 'react'
import { type Command, keysText } from '../shared/command'
import { pressOf } from '../shared/key-press'
import { showSheet } from '../shared/navigation'
import { usePage, usePageState } from '../shared/use-page'
import { filterHelp } from '../treemap/filter'
import { commands, type KeyContext, runKey } from './commands'

/** The palette (Ctrl+K) and the list of keys (F1 or ?), and the keys that work everywhere. */
export function CommandSheets(): ReactElement {
  const page = usePage()
  const sheet = usePageState((state) => state.workspace.sheet)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (runKey(page, pressOf(event), keyContext(event.target))) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [page])
  useEffect(() => {
    if (sheet && !dialog.current?.open) dialog.current?.showModal()
  }, [sheet])
  const close = (): void => dialog.current?.close()
  return (
    <dialog
      ref={dialog}
      className="panel sheet"
      aria-label={sheet === 'palette' ? 'Commands' : 'Keyboard shortcuts'}
      // The event comes late: another sheet may have been asked for since.
      onClose={(event) => !event.currentTarget.open && showSheet(page, undefined)}
    >
      {sheet === 'palette' && <Palette onClose={close} />}
      {sheet === 'shortcuts' && <Shortcuts onClose={close} />}
    </dialog>
  )
}

function keyContext(target: EventTarget | null): KeyContext {
  const isEditor = target instanceof HTMLElement && target.isContentEditable
  const isField = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
  return { isText: isEditor || isField, isEditor }
}

/** The commands that can run now, by name. */
export function Palette({ onClose }: { onClose: () => void }): ReactElement {
  const page = usePage()
  const state = usePageState((all) => all)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const words = query.toLowerCase().split(/\s+/)
  const found = commands.filter(
    ({ label, isInPalette, isEnabled }) =>
      isInPalette && isEnabled(state) && words.every((word) => label.toLowerCase().includes(word)),
  )
  const run = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    command.run(page, '')
  }
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="command-list"
        aria-activedescendant={found[at] && `command-${at}`}
        placeholder="What shall happen?"
        // biome-ignore lint/a11y/noAutofocus: the palette was asked for, and has one field
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (event.key === 'Enter') run(found[at])
          else if (step !== undefined) setAt((at + step + found.length) % Math.max(1, found.length))
          else return
          event.preventDefault()
        }}
      />
      <CommandList found={found} at={at} onRun={run} />
      {found.length === 0 && <p className="muted">No command is called that.</p>}
    </>
  )
}

interface CommandListProps {
  readonly found: readonly Command[]
  /** Which of them is chosen. */
  readonly at: number
  readonly onRun: (command: Command) => void
}

function CommandList({ found, at, onRun }: CommandListProps): ReactElement {
  return (
    <div id="command-list" role="listbox" aria-label="Commands" className="command-list">
      {found.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the field above
        <div
          key={command.id}
          id={`command-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => onRun(command)}
        >
          {command.label}
          <Keys keys={keysText(command)} />
        </div>
      ))}
    </div>
  )
}

function Keys({ keys }: { readonly keys: string | undefined }): ReactElement | null {
  return keys === undefined ? null : <kbd>{keys}</kbd>
}

/** The list of keys; what works everywhere comes before what needs the focus in map or table. */
export function Shortcuts({ onClose }: { onClose: () => void }): ReactElement {
  const listed = commands.filter(({ isInKeyList }) => isInKeyList)
  const pairs = (isLocal: boolean): string[][] =>
    listed
      .filter(({ keys }) => (keys.length === 0) === isLocal)
      .flatMap((each) => {
        const keys = keysText(each)
        return keys === undefined ? [] : [[keys, each.label]]
      })
  return (
    <>
      <h2>Keyboard shortcuts</h2>
      <div className="shortcut-columns">
        <Pairs title="Everywhere" pairs={pairs(false)} />
        <Pairs title="In map and table" pairs={pairs(true)} />
        <Pairs title="Words of a search" pairs={filterHelp.map(({ example, meaning }) => [example, meaning])} />
      </div>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </>
  )
}

function Pairs({ title, pairs }: { title: string; pairs: readonly (readonly string[])[] }): ReactElement {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="shortcuts">
        {pairs.map(([keys, meaning]) => (
          <div key={`${keys} ${meaning}`}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
