import { setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type ReactElement, useEffect, useRef } from 'react'
import type { VariantView } from '../../electron/ipc/views'
import { type EditorFacts, editorExtensions, fromOutside } from './editor-extensions'
import { marksOf } from './editor-marks'

export interface DockerfileEditorProps {
  readonly variant: VariantView
  /** The newest text, which may be ahead of what `variant` says. */
  readonly text: string
  /** What screen readers call it. */
  readonly label: string
  /** With the whole text, after every change by the user. */
  readonly onChange: (text: string) => void
}

/** A Dockerfile to read and change: highlighting, completion, and what was found about its lines. */
export function DockerfileEditor(props: DockerfileEditorProps): ReactElement {
  const { variant, text, label } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const facts = useRef<EditorFacts>({ stages: [], onChange: props.onChange })
  facts.current = { stages: stageNames(variant), onChange: props.onChange }

  useEffect(() => {
    const state = EditorState.create({ extensions: editorExtensions(label, facts) })
    const made = new EditorView({ parent: host.current!, state })
    view.current = made
    return () => made.destroy()
  }, [label])

  useEffect(() => {
    const made = view.current!
    if (made.state.doc.toString() === text) return
    const changes = { from: 0, to: made.state.doc.length, insert: text }
    made.dispatch({ changes, annotations: fromOutside.of(true) })
  }, [text])

  useEffect(() => {
    const made = view.current!
    const { state } = made
    // An answer about an older text would mark the wrong places.
    if (state.doc.toString() === variant.text) made.dispatch(setDiagnostics(state, marksOf(variant, state.doc)))
  }, [variant])

  return <div ref={host} className="editor" data-testid={`editor-${variant.role}`} />
}

const stageNames = ({ graph }: VariantView): string[] =>
  graph.nodes.flatMap((node) => (node.kind === 'stage' && !/^stage-\d+$/.test(node.label) ? [node.label] : []))
