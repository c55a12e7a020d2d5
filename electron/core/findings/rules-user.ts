import { flagValue } from '../dockerfile/parse'
import { baseFacts } from './base-facts'
import type { Finding } from './finding'
import type { StagedModel } from './staged-model'

/** USER and --chown with a name that the base does not know and no command makes. */
export function unknownUser({ stages, reached }: StagedModel): Finding[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap((model) => {
      const { users } = baseFacts(model)
      const own = model.chain.flatMap((index) => stages[index]!.commands)
      const made = own
        .filter(({ words }) => /^(user|group)add$|^add(user|group)$/.test(words[0]!))
        .flatMap(({ words }) => words)
      const hasPasswd = model.copies.some(({ destination, sources }) =>
        [destination, ...sources].some((path) => path === '/' || path === '/etc' || path.endsWith('/passwd')),
      )
      // A script may make users out of sight.
      const isOpen = users === undefined || hasPasswd || own.some(({ words }) => /\.sh$/.test(words[0]!))
      if (isOpen) return []
      return model.steps.flatMap(({ instruction }): Finding[] => {
        const { keyword, argumentText, span } = instruction
        const text = keyword === 'USER' ? argumentText : (flagValue(instruction, 'chown') ?? '')
        const name = text.split(':')[0]!
        if (name === '' || /^\d+$/.test(name) || name.includes('$') || users.includes(name) || made.includes(name))
          return []
        return [
          {
            rule: 'unknown-user',
            severity: 'error',
            line: span.startLine,
            what: `The base image has no user “${name}”, and no command creates it.`,
            why:
              keyword === 'USER'
                ? `unable to find user ${name}: no matching entries in passwd file`
                : 'The build fails, or the files belong to root.',
            fix: keyword === 'USER' ? 'USER 65532:65532' : '--chown=65532:65532',
          },
        ]
      })
    })
}
