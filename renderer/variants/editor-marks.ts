import type { Action, Diagnostic as EditorMark } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import type { TextPlace } from '../../electron/core/diagnostic'
import type { Finding } from '../../electron/core/findings/finding'
import type { DerivationReason } from '../../electron/core/variants/variant'
import type { VariantView } from '../../electron/ipc/views'

/** What is said about lines of the editor: errors, findings with their fixes, and why a line was derived. In the order of places. */
export function marksOf(variant: VariantView, document: Text): EditorMark[] {
  const { diagnostics, findings, reasons } = variant
  const marks = [
    ...diagnostics.map(
      ({ place, severity, message }): EditorMark => ({
        ...range(document, place),
        severity,
        message,
        source: 'syntax',
      }),
    ),
    ...findings.map(
      (finding): EditorMark => ({
        ...lineRange(document, finding.line),
        severity: finding.severity === 'error' ? 'error' : finding.severity,
        message: `${finding.what}\n${finding.why}\nInstead: ${finding.fix}`,
        source: finding.rule,
        actions: fixOf(finding),
      }),
    ),
    ...reasons.flatMap((reason) => reasonMark(reason, document)),
  ]
  return marks.sort((a, b) => a.from - b.from)
}

const clamp = (line: number, document: Text): number => Math.min(Math.max(line, 1), document.lines)

function range(document: Text, { line, column, length }: TextPlace): { from: number; to: number } {
  const found = document.line(clamp(line, document))
  const from = Math.min(found.from + column - 1, found.to)
  return { from, to: Math.min(from + length, found.to) }
}

function lineRange(document: Text, line: number): { from: number; to: number } {
  const found = document.line(clamp(line, document))
  return { from: found.from + /^\s*/.exec(found.text)![0].length, to: found.to }
}

function fixOf({ edit }: Finding): Action[] {
  if (edit === undefined) return []
  return [
    {
      name: 'Apply fix',
      apply(view) {
        const { doc } = view.state
        const from = doc.line(clamp(edit.startLine, doc)).from
        const to = doc.line(clamp(edit.endLine, doc)).to
        view.dispatch({ changes: { from, to, insert: edit.text }, userEvent: 'fix' })
      },
    },
  ]
}

/** At the first line of what the reason added, where it still stands. */
function reasonMark({ after, reason }: DerivationReason, document: Text): EditorMark[] {
  const wanted = after?.split('\n')[0]
  if (wanted === undefined || wanted.trim() === '') return []
  for (let line = document.lines; line >= 1; line--)
    if (document.line(line).text === wanted)
      return [{ ...lineRange(document, line), severity: 'hint', message: reason, source: 'derived' }]
  return []
}
