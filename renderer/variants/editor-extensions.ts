import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { Annotation, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import type { RefObject } from 'react'
import { codeColors, codeTheme } from '../shared/code-style'
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
    syntaxHighlighting(codeColors),
    autocompletion({ override: [(context) => completeDockerfile(context, facts.current.stages)] }),
    keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isOwn = !transactions.some((each) => each.annotation(fromOutside))
      if (docChanged && isOwn) facts.current.onChange(state.doc.toString())
    }),
    codeTheme,
  ]
}
