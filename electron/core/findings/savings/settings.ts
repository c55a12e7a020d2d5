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
      why: 'A process that escapes the container would be root on the host. After switching users, the program can’t write to root-owned paths, and on old engines it can’t listen on ports below 1024.',
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
          what: `${reference} isn’t pinned to a version.`,
          why: 'The same Dockerfile builds a different image as soon as the publisher updates the tag.',
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
            what: `${name} looks like a secret, and ${keyword} stores it in the image.`,
            why: 'Anyone with the image can read it.',
            fix:
              keyword === 'ARG'
                ? `Mount it for the build only: RUN --mount=type=secret,id=${name.toLowerCase()} …`
                : 'Pass it to the container when you start it.',
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
        what: `${keyword} uses the shell form.`,
        why: 'The shell receives the stop signal and doesn’t forward it, so the container is killed after ten seconds.',
        fix: isPlain ? `${keyword} ${words}` : `${keyword} ["program", "argument"], or a script that ends with exec`,
        edit: isPlain ? { ...span, text: `${keyword} ${words}` } : undefined,
      },
    ]
  })
}
