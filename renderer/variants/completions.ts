import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'

const instructions: Readonly<Record<string, string>> = {
  FROM: 'begins a stage on a base image',
  RUN: 'runs a command and keeps what it writes',
  COPY: 'copies files of the context or of another stage',
  ADD: 'like COPY; also unpacks archives and fetches URLs',
  WORKDIR: 'the folder for what follows, and where the program starts',
  ENV: 'an environment variable, for the build and for the program',
  ARG: 'a variable for the build only',
  USER: 'who runs what follows, and the program',
  ENTRYPOINT: 'the program that the image runs',
  CMD: 'its arguments, or the program when there is no ENTRYPOINT',
  EXPOSE: 'a port that the program listens on; opens nothing',
  HEALTHCHECK: 'a command that tells whether the program is well',
  LABEL: 'words about the image',
  VOLUME: 'a folder whose content is kept outside the container',
  SHELL: 'which shell takes commands apart',
  STOPSIGNAL: 'how the program is asked to end',
  ONBUILD: 'runs when another image is built on this one',
}

const flags: Readonly<Record<string, readonly string[]>> = {
  COPY: ['--from=', '--chown=', '--chmod=', '--link', '--parents', '--exclude='],
  ADD: ['--chown=', '--chmod=', '--link', '--checksum=', '--keep-git-dir='],
  RUN: [
    '--mount=type=cache,target=',
    '--mount=type=bind,from=',
    '--mount=type=secret,id=',
    '--network=',
    '--security=',
  ],
  FROM: ['--platform='],
  HEALTHCHECK: ['--interval=', '--timeout=', '--start-period=', '--retries='],
}

/** Instructions at the beginning of a line, their flags, and the names of stages after FROM and `from=`. */
export function completeDockerfile(context: CompletionContext, stages: readonly string[]): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const at = (pattern: RegExp): RegExpExecArray | null => pattern.exec(before)
  const stage = at(/(?:from=|^\s*FROM\s+)([\w.-]*)$/i)
  if (stage)
    return offer(
      context.pos - stage[1]!.length,
      stages.map((label) => ({ label, type: 'class', detail: 'stage' })),
    )
  const flag = at(/^\s*([A-Za-z]+)\s(?:.*\s)?(--[\w-]*)$/)
  const known = flag && flags[flag[1]!.toUpperCase()]
  if (flag && known)
    return offer(
      context.pos - flag[2]!.length,
      known.map((label) => ({ label, type: 'property' })),
    )
  const word = at(/^\s*([A-Za-z]*)$/)
  if (!word || (word[1] === '' && !context.explicit)) return null
  return offer(
    context.pos - word[1]!.length,
    Object.entries(instructions).map(([label, info]) => ({ label, info, type: 'keyword', apply: `${label} ` })),
  )
}

const offer = (from: number, options: CompletionResult['options']): CompletionResult | null =>
  options.length === 0 ? null : { from, options, validFor: /^[\w.=-]*$/ }
