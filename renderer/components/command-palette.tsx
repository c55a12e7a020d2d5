import { type ReactElement, useEffect, useRef, useState } from 'react'
import { filterHelp } from '../layout/filter'
import { type Command, commands } from '../state/commands'

type Sheet = 'palette' | 'shortcuts'

/** The palette (Ctrl+K) and the shortcut sheet (F1 or ?), and the keys that work everywhere. */
export function CommandSheets(): ReactElement {
  const [sheet, setSheet] = useState<Sheet | undefined>(undefined)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const asked = sheetFor(event)
      if (asked) setSheet(asked)
      else if (!runShortcut(event)) return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
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
      onClose={(event) => !event.currentTarget.open && setSheet(undefined)}
    >
      {sheet === 'palette' && <Palette onClose={close} />}
      {sheet === 'shortcuts' && <Shortcuts onClose={close} />}
    </dialog>
  )
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

function sheetFor(event: KeyboardEvent): Sheet | undefined {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return 'palette'
  if (event.key === 'F1' || (event.key === '?' && !isText(event.target))) return 'shortcuts'
  return undefined
}

function runShortcut(event: KeyboardEvent): boolean {
  if (event.altKey || event.shiftKey) return false
  const hasControl = event.ctrlKey || event.metaKey
  // The editor has a search of its own.
  if (event.key === 'f' && event.target instanceof HTMLElement && event.target.isContentEditable) return false
  const command = commands.find(({ controlKey, plainKey }) => (hasControl ? controlKey : plainKey) === event.key)
  if (!command?.isEnabled()) return false
  command.run()
  return true
}

function Palette({ onClose }: { onClose: () => void }): ReactElement {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const words = query.toLowerCase().split(/\s+/)
  const found = commands.filter(
    ({ label, isEnabled }) => isEnabled() && words.every((word) => label.toLowerCase().includes(word)),
  )
  const run = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    command.run()
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
          key={command.label}
          id={`command-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => onRun(command)}
        >
          {command.label}
          {command.keys && <kbd>{command.keys}</kbd>}
        </div>
      ))}
    </div>
  )
}

const moves = [
  ['↑ ↓', 'previous and next of the same folder, largest first'],
  ['→ ←', 'into a folder, out of it'],
  ['Home End', 'largest and smallest of the folder'],
  ['Enter', 'zoom to a folder'],
  ['Backspace', 'zoom out'],
  ['L', 'list of layers'],
  ['Space, held', 'the other image in the same place'],
  ['S', 'the small entries that the selected one is among'],
  ['Shift+F10', 'menu of the selected entry'],
] as const

function Shortcuts({ onClose }: { onClose: () => void }): ReactElement {
  const pairs = (isLocal: boolean): (readonly [string, string])[] =>
    commands.flatMap((each) =>
      each.keys && (each.isLocal ?? false) === isLocal ? [[each.keys, each.label] as const] : [],
    )
  return (
    <>
      <h2>Keyboard shortcuts</h2>
      <div className="shortcut-columns">
        <Pairs title="Everywhere" pairs={[...pairs(false), ['Ctrl+K', 'Commands'], ['F1 or ?', 'This list']]} />
        <Pairs title="In map and table" pairs={[...moves, ...pairs(true)]} />
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
