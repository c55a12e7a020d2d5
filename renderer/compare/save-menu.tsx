import { type ReactElement, type ToggleEvent, useId, useRef, useState } from 'react'
import { formatQuantity } from '../../electron/core/format'
import { usePage, usePageState } from '../shared/use-page'
import { exportFormats, secretsIn } from './export-formats'

/** Keeps what is shown in a file: which of its forms is asked in a list below the button. */
export function SaveMenu(): ReactElement {
  const page = usePage()
  const state = usePageState((all) => all)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [secretCount, setSecretCount] = useState(0)
  const [includesSecrets, setIncludesSecrets] = useState(false)
  const place = ({ newState, currentTarget: { style } }: ToggleEvent<HTMLDivElement>): void => {
    if (newState === 'open') {
      setIncludesSecrets(false)
      void secretsIn(page).then((secrets) => setSecretCount(secrets.length))
    }
    const box = button.current?.getBoundingClientRect()
    if (newState !== 'open' || !box) return
    style.top = `${box.bottom + 4}px`
    style.right = `${document.documentElement.clientWidth - box.right}px`
  }
  return (
    <>
      <button type="button" ref={button} popoverTarget={id}>
        Save …
      </button>
      <div ref={list} id={id} popover="auto" className="panel save-menu" onBeforeToggle={place}>
        {exportFormats
          .filter(({ isOffered }) => isOffered(state))
          .map(({ label, note, save }) => (
            <button
              key={label}
              type="button"
              className="saving"
              onClick={() => {
                list.current?.hidePopover()
                void save(page, { includesSecrets })
              }}
            >
              <strong>{label}</strong>
              <span className="muted">{note}</span>
            </button>
          ))}
        {secretCount > 0 && (
          <label className="saving-secrets">
            <input
              type="checkbox"
              checked={includesSecrets}
              onChange={({ currentTarget }) => setIncludesSecrets(currentTarget.checked)}
            />
            <span>
              Include {formatQuantity(secretCount, 'value that looks like a secret', 'values that look like secrets')}
            </span>
          </label>
        )}
      </div>
    </>
  )
}
