import { type ReactElement, useState } from 'react'

interface CopyButtonProps {
  readonly label: string
  /** What is copied, made when it is asked for. */
  readonly text: () => string | Promise<string>
}

/** Puts a text on the clipboard, and says when that was done. */
export function CopyButton({ label, text }: CopyButtonProps): ReactElement {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async (): Promise<void> => {
    // The browser may refuse; the text can be selected.
    const isDone = await navigator.clipboard?.writeText(await text()).then(
      () => true,
      () => false,
    )
    setIsCopied(isDone === true)
  }
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied ? 'Copied' : label}
    </button>
  )
}
