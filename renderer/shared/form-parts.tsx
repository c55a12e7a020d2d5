import type { InputHTMLAttributes, ReactElement } from 'react'

interface NumberFieldProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'min' | 'max' | 'step' | 'placeholder'> {
  readonly label: string
  /** As it was typed. */
  readonly value: string
  readonly onChange: (value: string) => void
  readonly required?: boolean
}

export function NumberField({ label, onChange, ...input }: NumberFieldProps): ReactElement {
  return (
    <label>
      {label}
      <input type="number" {...input} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}

interface StartOrCancelProps {
  readonly isRunning: boolean
  readonly start: string
  readonly onCancel: () => void
}

/** Sends the form off, or ends what it started. */
export function StartOrCancel({ isRunning, start, onCancel }: StartOrCancelProps): ReactElement {
  return isRunning ? (
    <button type="button" onClick={onCancel}>
      Cancel
    </button>
  ) : (
    <button type="submit" className="primary">
      {start}
    </button>
  )
}
