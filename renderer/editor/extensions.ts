import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { Annotation, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { RefObject } from 'react'
import { completeDockerfile } from './completions'

/** What the editor asks for while it runs. */
export interface EditorFacts {
  /** Names of the stages in the file. */
  readonly stages: readonly string[]
  readonly onChange: (text: string) => void
}

/** Marks a change that the user did not make. */
export const fromOutside = Annotation.define<boolean>()

// Tab moves on to the next control, as everywhere else; the editor's own keys are those of its default keymap.
export function editorExtensions(label: string, facts: RefObject<EditorFacts>): Extension[] {
  return [
    EditorView.lineWrapping,
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    StreamLanguage.define(dockerFile),
    syntaxHighlighting(colors),
    autocompletion({ override: [(context) => completeDockerfile(context, facts.current.stages)] }),
    keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isOwn = !transactions.some((each) => each.annotation(fromOutside))
      if (docChanged && isOwn) facts.current.onChange(state.doc.toString())
    }),
    theme,
  ]
}

export const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: tags.string, color: 'var(--after)' },
  { tag: tags.standard(tags.variableName), color: 'var(--before)' },
])

export const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--code)', borderRadius: '6px', fontSize: '12.5px', maxHeight: '60vh' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--code)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 8%, transparent)' },
  '.cm-lintRange-hint': { backgroundImage: 'none', borderBottom: '1px dotted var(--accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-tooltip': {
    maxWidth: '560px',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
})
