import type { Instruction } from '../../dockerfile/parse'
import type { TextEdit } from '../finding'
import { isInstructionShellForm } from './shell-run'

// Changes of a Dockerfile's text that keep the user's layout.

export const replaceInstruction = ({ span }: Instruction, text: string): TextEdit => ({ ...span, text })

/** Another command at the end of a RUN; undefined where the RUN is not a plain chain of commands. */
export function appendCommand(run: Instruction, command: string, escapeChar: string): TextEdit | undefined {
  if (!isInstructionShellForm(run)) return undefined
  return replaceInstruction(run, `${run.text.trimEnd()} ${escapeChar}\n    && ${command}`)
}

/** Words put right after each match of a pattern in the instruction; undefined when nothing matches. */
export function insertAfter(instruction: Instruction, pattern: RegExp, words: string): TextEdit | undefined {
  const text = instruction.text.replace(pattern, (match) => `${match} ${words}`)
  return text === instruction.text ? undefined : replaceInstruction(instruction, text)
}

/** Two RUN instructions that follow each other as one. */
export function joinRuns(first: Instruction, second: Instruction, escapeChar: string): TextEdit | undefined {
  if (!isInstructionShellForm(first) || !isInstructionShellForm(second) || second.flags.length > 0) return undefined
  const rest = second.text.replace(/^\s*RUN\s+/i, '')
  return {
    startLine: first.span.startLine,
    endLine: second.span.endLine,
    text: `${first.text.trimEnd()} ${escapeChar}\n    && ${rest}`,
  }
}
