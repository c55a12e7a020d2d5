import type { Instruction } from '../../dockerfile/parse'
import { execForm } from '../../dockerfile/words'

/** A RUN that is one chain of shell commands, so that one more can be put behind it. */
export const isInstructionShellForm = ({ keyword, argumentText, hasHeredoc, text }: Instruction): boolean =>
  keyword === 'RUN' && !hasHeredoc && execForm(argumentText) === undefined && !/(^|\n)\s*#[^\n]*$/.test(text)

/** Whether a cache mount keeps this folder out of the image. */
export const hasCacheMount = ({ flags }: Instruction, folder: RegExp): boolean =>
  flags.some(({ name, value }) => name === 'mount' && /type=(cache|tmpfs)/.test(value) && folder.test(value))
