/** What of a keyboard event says which key was pressed. */
export interface KeyLike {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/**
 * The name of a key press, as commands have it: "Ctrl+F", "Alt+ArrowLeft", "T", "?". Command counts as Ctrl. Shift is named with other
 * modifiers and with function keys; otherwise it is part of the character.
 */
export function pressOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyLike): string {
  const hasControl = ctrlKey || metaKey
  const isFunctionKey = /^F\d+$/.test(key)
  return [
    ...(hasControl ? ['Ctrl'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(shiftKey && (hasControl || altKey || isFunctionKey) ? ['Shift'] : []),
    key.length === 1 ? key.toUpperCase() : key,
  ].join('+')
}

const shownNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
}

/** A key press as the page shows it: "Alt+←". */
export const pressText = (press: string): string =>
  press
    .split('+')
    .map((part) => shownNames[part] ?? part)
    .join('+')
