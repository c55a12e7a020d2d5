import { StreamLanguage, type StreamParser, syntaxHighlighting } from '@codemirror/language'
import { c, cpp, java } from '@codemirror/legacy-modes/mode/clike'
import { css } from '@codemirror/legacy-modes/mode/css'
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile'
import { go } from '@codemirror/legacy-modes/mode/go'
import { javascript, json, typescript } from '@codemirror/legacy-modes/mode/javascript'
import { perl } from '@codemirror/legacy-modes/mode/perl'
import { properties } from '@codemirror/legacy-modes/mode/properties'
import { python } from '@codemirror/legacy-modes/mode/python'
import { ruby } from '@codemirror/legacy-modes/mode/ruby'
import { rust } from '@codemirror/legacy-modes/mode/rust'
import { shell } from '@codemirror/legacy-modes/mode/shell'
import { html, xml } from '@codemirror/legacy-modes/mode/xml'
import { yaml } from '@codemirror/legacy-modes/mode/yaml'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { type ReactElement, useEffect, useRef } from 'react'
import { codeColors, codeTheme } from './code-style'

const modes: Readonly<Record<string, StreamParser<unknown>>> = {
  c,
  h: c,
  cc: cpp,
  cpp,
  hpp: cpp,
  java,
  css,
  go,
  js: javascript,
  mjs: javascript,
  cjs: javascript,
  ts: typescript,
  json,
  pl: perl,
  pm: perl,
  conf: properties,
  ini: properties,
  cfg: properties,
  py: python,
  rb: ruby,
  rs: rust,
  sh: shell,
  html,
  xml,
  svg: xml,
  yml: yaml,
  yaml,
  dockerfile: dockerFile,
} as Readonly<Record<string, StreamParser<unknown>>>

/** A text to read, with the colors of its language where its name or first line tells that. Loaded when first shown. */
export function CodeView({ text, name }: { text: string; name: string }): ReactElement {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const mode = modeOf(name, text)
    const extensions = [
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ 'aria-label': `Content of ${name}`, tabindex: '0' }),
      ...(mode ? [StreamLanguage.define(mode), syntaxHighlighting(codeColors)] : []),
      codeTheme,
    ]
    const view = new EditorView({ parent: host.current!, state: EditorState.create({ doc: text, extensions }) })
    return () => view.destroy()
  }, [text, name])
  return <div className="code-view" ref={host} />
}

function modeOf(name: string, text: string): StreamParser<unknown> | undefined {
  const known = modes[name.toLowerCase().split('.').at(-1)!]
  if (known) return known
  const [, program = ''] = /^#!\S*\/(?:env )?(\w+)/.exec(text) ?? []
  if (/^(ba|da|a)?sh$/.test(program)) return shell as StreamParser<unknown>
  const byProgram: Readonly<Record<string, string>> = {
    python3: 'py',
    python: 'py',
    perl: 'pl',
    ruby: 'rb',
    node: 'js',
  }
  return modes[byProgram[program] ?? '']
}
