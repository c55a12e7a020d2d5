import { splitWords, unquote } from '../../dockerfile/words'
import type { ImageSettings } from '../../image/image-settings'
import { shell } from './path-rules'

/** The command of an image that is run through a shell, as words that need none; undefined where the shell does more than start it. */
export function withoutShell({ entrypoint, command }: ImageSettings): readonly string[] | undefined {
  const words = [...(entrypoint ?? []), ...(command ?? [])]
  const [program = '', flag = '', text = ''] = words
  if (words.length !== 3 || flag !== '-c' || !shell.test(program.split('/').at(-1)!)) return undefined
  const plain = text.trim().replace(/^exec\s+/, '')
  if (/[;&|<>$`*?(){}[\]~#\n]/.test(plain) || /^((cd|source|\.|export|if|exec)\s|\w+=)/.test(plain)) return undefined
  return splitWords(plain).map(unquote)
}
