import { type ReactElement, type ToggleEvent, useId, useRef } from 'react'
import { savings } from '../state/saving'
import { useStore } from '../state/store'
import { type ComparedState, workspace } from '../state/workspace'

/** Keeps what is shown in a file: which of its forms is asked in a list below the button. */
export function SaveMenu({ compared }: { readonly compared: ComparedState }): ReactElement {
  const state = useStore(workspace, (all) => all)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const place = ({ newState, currentTarget: { style } }: ToggleEvent<HTMLDivElement>): void => {
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
        {savings
          .filter(({ isOffered }) => isOffered(state))
          .map(({ label, note, save }) => (
            <button
              key={label}
              type="button"
              className="saving"
              onClick={() => {
                list.current?.hidePopover()
                void save(compared)
              }}
            >
              <strong>{label}</strong>
              <span className="muted">{note}</span>
            </button>
          ))}
      </div>
    </>
  )
}
