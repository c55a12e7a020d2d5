import { execForm } from '../dockerfile/words'
import { baseFacts } from './base-facts'
import type { Finding } from './finding'
import type { StagedModel } from './staged-model'

// What needs a shell, and has none.

/** CMD, ENTRYPOINT and HEALTHCHECK in shell form on a base without /bin/sh. */
export function shellFormWithoutShell({ final, stages }: StagedModel): Finding[] {
  if (baseFacts(final).hasShell !== false || bringsShell(final.copies)) return []
  const effective = new Map<string, (typeof final.steps)[number]['instruction']>()
  for (const index of final.chain)
    for (const { instruction } of stages[index]!.steps)
      if (/^(CMD|ENTRYPOINT|HEALTHCHECK)$/.test(instruction.keyword)) effective.set(instruction.keyword, instruction)
  return [...effective.values()].flatMap(({ keyword, argumentText, span }): Finding[] => {
    const command = keyword === 'HEALTHCHECK' ? argumentText.replace(/^(.*?)\bCMD\s+/s, '') : argumentText
    if (execForm(command) || /^NONE$/i.test(command)) return []
    const words = JSON.stringify(command.trim().split(/\s+/))
    return [
      {
        rule: 'shell-form-without-shell',
        severity: 'error',
        line: span.startLine,
        what: `${keyword} uses the shell form, but the base image has no shell.`,
        why: 'exec: "/bin/sh": stat /bin/sh: no such file or directory',
        fix: keyword === 'HEALTHCHECK' ? 'HEALTHCHECK CMD ["/program", "argument"]' : `${keyword} ${words}`,
      },
    ]
  })
}

const bringsShell = (copies: StagedModel['final']['copies']): boolean =>
  copies.some(
    ({ destination, sources }) => destination === '/' || sources.some((source) => /\/(sh|bash|busybox)$/.test(source)),
  )

/** RUN in a stage whose base has no shell, in shell form. */
export function runWithoutShell({ stages, reached }: StagedModel): Finding[] {
  return stages
    .filter(
      (model) => reached.has(model.stage.index) && baseFacts(model).hasShell === false && !bringsShell(model.copies),
    )
    .flatMap(({ steps }) => steps.map(({ instruction }) => instruction))
    .filter(({ keyword, argumentText }) => keyword === 'RUN' && !execForm(argumentText))
    .map(({ span }) => ({
      rule: 'run-without-shell',
      severity: 'error',
      line: span.startLine,
      what: 'RUN needs a shell, but the base image of this stage has none.',
      why: 'The build fails because /bin/sh doesn’t exist.',
      fix: 'Run this in a build stage and copy the result with COPY --from.',
    }))
}
