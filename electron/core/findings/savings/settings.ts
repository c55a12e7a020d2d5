import { assignments, execForm, splitWords, unquote } from '../../dockerfile/words'
import { baseFacts } from '../base-facts'
import type { Finding } from '../finding'
import type { StagedModel } from '../staged-model'

// Who runs the program, on what, and what the image's settings give away.

/** A final stage whose program runs as root. */
export function runsAsRoot({ final }: StagedModel): Finding[] {
  const isRoot = final.user === undefined || /^(root|0)(:|$)/.test(final.user)
  const isNonRootBase =
    /:(.*-)?nonroot|nginx-unprivileged|chiseled|bitnami\//.test(final.base ?? '') && final.user === undefined
  if (!isRoot || isNonRootBase) return []
  const { instructions, from } = final.stage
  const user = instructions.findLast(({ keyword }) => keyword === 'USER')
  const command = instructions.findLast(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD')
  const name = baseFacts(final).users?.includes('node') ? 'node' : '65532:65532'
  const at = user ?? command
  return [
    {
      rule: 'DL3002',
      severity: 'info',
      line: (at ?? from).span.startLine,
      what: 'The program runs as root.',
      why: 'Who breaks out of it owns all that the container may touch. It must then not write to folders of root, nor listen below 1024 on old engines.',
      fix: `USER ${name}`,
      edit:
        user !== undefined
          ? { ...user.span, text: `USER ${name}` }
          : command && { ...command.span, text: `USER ${name}\n${command.text}` },
    },
  ]
}

/** A base that is another one tomorrow. */
export function movingBase({ stages, reached }: StagedModel): Finding[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap(({ stage }): Finding[] => {
      if (stage.base.kind !== 'image') return []
      const { reference } = stage.base
      const tag = /:([^:/@]+)(@|$)/.exec(reference)?.[1]
      const isFixed = reference.includes('@') || (tag !== undefined && tag !== 'latest')
      if (isFixed || /(^|\/)distroless\//.test(reference)) return []
      return [
        {
          rule: tag === undefined ? 'DL3006' : 'DL3007',
          severity: 'info',
          line: stage.from.span.startLine,
          what: `${reference} names no version.`,
          why: 'The same Dockerfile builds another image when the publisher moves it.',
          fix: `FROM ${reference.replace(/:latest$/, '')}:<version>`,
        },
      ]
    })
}

const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)(_|$)/i
const publicName = /PUBLIC|_(FILE|PATH|URL|ID|NAME|EXPIRY|TTL)$/i

/** Secrets that everyone who has the image can read. */
export function secretsInSettings({ stages, reached }: StagedModel): Finding[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap(({ stage }) => stage.instructions)
    .filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG')
    .flatMap(({ keyword, argumentText, span }) =>
      assignments(argumentText)
        .filter(
          ({ name, value }) => secretName.test(name) && !publicName.test(name) && !(keyword === 'ENV' && value === ''),
        )
        .map(
          ({ name }): Finding => ({
            rule: 'SecretsUsedInArgOrEnv',
            severity: 'info',
            line: span.startLine,
            what: `${name} looks like a secret, and ${keyword} keeps it in the image’s history.`,
            why: 'Anyone who has the image can read it.',
            fix:
              keyword === 'ARG'
                ? `RUN --mount=type=secret,id=${name.toLowerCase()} …`
                : 'Give it to the container when it is started.',
          }),
        ),
    )
}

/** A command in shell form: the shell is what gets the signals, and distroless images have none. */
export function shellFormCommand({ final }: StagedModel): Finding[] {
  const effective = ['ENTRYPOINT', 'CMD'].map((name) =>
    final.stage.instructions.findLast(({ keyword }) => keyword === name),
  )
  return effective.flatMap((instruction): Finding[] => {
    if (instruction === undefined || baseFacts(final).hasShell === false || execForm(instruction.argumentText))
      return []
    const { keyword, argumentText, span } = instruction
    const text = argumentText.replace(/^exec\s+/, '')
    const isPlain = !/[;&|<>$`*?(){}~#\\]/.test(text)
    const words = JSON.stringify(splitWords(text).map(unquote))
    return [
      {
        rule: 'JSONArgsRecommended',
        severity: 'info',
        line: span.startLine,
        what: `${keyword} is written for a shell.`,
        why: 'The shell gets the signal to stop and does not pass it on, so the container is killed after ten seconds.',
        fix: isPlain ? `${keyword} ${words}` : `${keyword} ["program", "argument"], or exec in a script`,
        edit: isPlain ? { ...span, text: `${keyword} ${words}` } : undefined,
      },
    ]
  })
}
