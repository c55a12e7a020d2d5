import type { Instruction } from '../../dockerfile/parse'
import type { ShellCommand } from '../../dockerfile/stage-state'
import type { DerivationReason } from '../variant'
import { copyLine, type FinalStage, movedSettings, runtimeEnv, workdirLine } from './final-stage'
import type { CopiedPath, SplitPlan } from './plan'
import type { SingleStage } from './single-stage'
import { baseName } from './slim-base'

/** The final stage on the small counterpart of the user's base, which has a shell and a package manager. */
export function slimStage(single: SingleStage, plan: SplitPlan): FinalStage {
  const { stage } = single
  const lines = [`FROM ${plan.runtimeBase}`]
  const reasons: DerivationReason[] = []
  const because = (after: string, reason: string, from: Instruction = stage.from): void => {
    reasons.push({ line: from.span.startLine, before: from.text, after, reason })
  }
  const { isSlim, isAlpine } = baseName(single.base)
  const isSame = plan.runtimeBase === single.base && (isSlim || isAlpine)
  because(
    lines[0]!,
    isSame ? 'The base is small already; what the build made beside the project stays behind.' : plan.baseReason,
  )
  // A base with a program of its own is taken as it is: it need not be root, and its health is checked in another way.
  const isComplete = plan.startsItself === true
  const packages = isComplete ? [] : [...new Set([...plan.packages, ...healthPackages(single)])]
  if (packages.length > 0) {
    const install = installLine(packages, baseName(plan.runtimeBase).isAlpine)
    lines.push(install)
    because(install, 'These packages are not for building: the program may need them to run.', aptLine(single))
  }
  if (!isComplete) lines.push(...accountRuns(single))
  lines.push(...runtimeEnv(single, plan))
  lines.push(...workdirLine(single))
  for (const copy of plan.copies) {
    lines.push(copyLine(single, copy))
    because(copyLine(single, copy), copy.reason, copiedFrom(single, copy))
  }
  if (plan.needsCertificates) {
    lines.push(certificateLine(single))
    because(certificateLine(single), 'The base has certificates, without which HTTPS fails; the small one has none.')
  }
  lines.push(...movedSettings(single, plan))
  for (const doubt of plan.doubts)
    reasons.push({ line: undefined, before: undefined, after: undefined, reason: `Check: ${doubt}` })
  return { lines, reasons }
}

const certificateLine = (single: SingleStage): string =>
  copyLine(single, { path: '/etc/ssl/certs/ca-certificates.crt', reason: '' })

const installLine = (packages: readonly string[], isAlpine: boolean): string =>
  isAlpine
    ? `RUN apk add --no-cache ${packages.join(' ')}`
    : `RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ${packages.join(' ')} \\\n    && rm -rf /var/lib/apt/lists/*`

const aptLine = ({ commands, stage }: SingleStage): Instruction =>
  commands.find(({ words }) => /^(apt(-get)?|apk)$/.test(words[0]!))?.step.instruction ?? stage.from

/** A health check often calls curl, which the full base has and the slim one has not. */
function healthPackages({ stage }: SingleStage): string[] {
  const health = stage.instructions.findLast(({ keyword }) => keyword === 'HEALTHCHECK')?.argumentText ?? ''
  return ['curl', 'wget'].filter((name) => new RegExp(`\\b${name}\\b`).test(health))
}

/** What makes users and groups: a RUN that does nothing else as it stands, of others those commands alone. */
function accountRuns({ steps, commands }: SingleStage): string[] {
  const isAccount = ({ words }: ShellCommand): boolean => /^(user|group)(add|mod)$|^add(user|group)$/.test(words[0]!)
  return steps.flatMap(({ instruction }) => {
    const own = commands.filter(({ step }) => step.instruction === instruction)
    const accounts = own.filter(isAccount)
    if (accounts.length === 0) return []
    if (accounts.length === own.length) return [instruction.text]
    return [`RUN ${accounts.map(({ words }) => words.map(quoted).join(' ')).join(' && ')}`]
  })
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** The line that made what is copied: a RUN or COPY that names it, else the last RUN. */
function copiedFrom({ stage }: SingleStage, { path }: CopiedPath): Instruction {
  const name = path.split('/').at(-1)!
  const makers = stage.instructions.filter(({ keyword }) => /^(RUN|COPY|ADD)$/.test(keyword))
  return makers.findLast(({ text }) => text.includes(name)) ?? makers.at(-1) ?? stage.from
}
