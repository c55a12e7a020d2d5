import type { Finding } from '../core/findings/finding'
import { judge } from '../core/findings/judge'
import { formatQuantity } from '../core/format'
import { openProject } from '../engine/project/open-project'
import { asJson, type Command, fromHere, shareable } from './command'

/** `check <folder>`: what would keep its images from running, and what they could do without, told without building. Ends with 1 when there is an error among it. */
export const run: Command = async (call) => {
  const [folder] = call.arguments
  const { dockerfiles, leftOut } = await openProject(fromHere(folder!))
  for (const { title, problem } of leftOut) call.print(`Left out: ${title}. ${problem}`)
  const judged = dockerfiles.map(({ path, staged, files: context }) => ({
    path,
    findings: judge(staged, staged.stages.length - 1, context),
  }))
  const { files } = shareable(call, { files: judged })
  const exitCode = files.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0
  if (call.flags.json) return { output: asJson({ schemaVersion: 1, files }), exitCode }
  const lines = files.flatMap(({ path, findings }) => findings.map((finding) => textOf(path, finding)))
  const count = formatQuantity(dockerfiles.length, 'Dockerfile')
  return { output: lines.length === 0 ? `Nothing found in ${count}.\n` : `${lines.join('\n')}\n`, exitCode }
}

const textOf = (path: string, { line, severity, rule, what, why, fix }: Finding): string =>
  [`${path}:${line} ${severity} ${rule}: ${what}`, `  because:  ${why}`, `  instead:  ${fix}`].join('\n')
