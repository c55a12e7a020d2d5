import { isImageSetting } from '../../dockerfile/image-settings'
import { execForm, splitWords, unquote } from '../../dockerfile/words'
import type { DerivationReason } from '../variant'
import { copyLine, type FinalStage, runtimeEnv, workdirLine } from './final-stage'
import type { SplitPlan } from './plan'
import type { SingleStage } from './single-stage'

/** The newest release that distroless images are made of (https://github.com/GoogleContainerTools/distroless). */
const release = 'debian13'
const user = '65532:65532'

/** The final stage on a base without shell and package manager, where the program can do without them. */
export function toDistroless(single: SingleStage, plan: SplitPlan): FinalStage | { readonly refusal: string } {
  const base = distrolessBase(single, plan)
  if (base === undefined) return { refusal: `Cutaway knows no distroless base for this ${plan.language} project.` }
  const packages = plan.packages.filter((name) => !isThere(name, base))
  if (packages.length > 0) return { refusal: `it needs packages that no distroless base has (${packages.join(', ')}).` }
  if (plan.copies.some(({ path }) => /\.(sh|bash)$/.test(path)))
    return { refusal: 'it starts through a shell script, and a distroless base has no shell.' }
  const { stage } = single
  const lines = [`FROM ${base}`, ...runtimeEnv(single, plan), ...workdirLine(single)]
  const reasons: DerivationReason[] = [
    {
      line: stage.from.span.startLine,
      before: stage.from.text,
      after: lines[0],
      reason: 'No shell, no package manager, nothing to break into; certificates, time zones and users are there.',
    },
  ]
  for (const copy of plan.copies) {
    lines.push(copyLine(single, copy))
    reasons.push({ line: undefined, before: undefined, after: copyLine(single, copy), reason: copy.reason })
  }
  if (!stage.instructions.some(({ keyword }) => keyword === 'USER')) {
    lines.push(`USER ${user}`)
    reasons.push({
      line: undefined,
      before: undefined,
      after: `USER ${user}`,
      reason: 'The program need not be root; distroless images call this user nonroot.',
    })
  } else lines.push(stage.instructions.findLast(({ keyword }) => keyword === 'USER')!.text)
  return addSettings(single, { lines, reasons })
}

/** Packages that distroless images are made of. */
function isThere(name: string, base: string): boolean {
  if (/^(ca-certificates|tzdata|netbase|media-types)$/.test(name)) return true
  return !base.includes('/static-') && /^(libc6|libssl3|zlib1g)$/.test(name)
}

function distrolessBase({ program, base }: SingleStage, plan: SplitPlan): string | undefined {
  if (program === undefined) return undefined
  if (plan.isStatic) return `gcr.io/distroless/static-${release}:nonroot`
  if (/alpine/.test(base)) return undefined
  if (plan.language === 'C or C++') return `gcr.io/distroless/cc-${release}:nonroot`
  if (plan.language === 'Go') return `gcr.io/distroless/base-${release}:nonroot`
  return plan.language === 'Rust' ? `gcr.io/distroless/cc-${release}:nonroot` : undefined
}

function addSettings(
  { stage }: SingleStage,
  { lines, reasons }: FinalStage,
): FinalStage | { readonly refusal: string } {
  const result = { lines: [...lines], reasons: [...reasons] }
  for (const instruction of stage.instructions.filter(isImageSetting)) {
    const { keyword, argumentText, text, span } = instruction
    const isCommand = keyword === 'CMD' || keyword === 'ENTRYPOINT'
    if (keyword === 'HEALTHCHECK' && !/\bCMD\s*\[|^NONE/.test(argumentText)) {
      result.reasons.push({
        line: span.startLine,
        before: text,
        after: undefined,
        reason: 'The health check needs a shell, which is not there.',
      })
    } else if (!isCommand || execForm(argumentText)) result.lines.push(text)
    else {
      if (/[;&|<>$`*?(){}]/.test(argumentText))
        return { refusal: `its ${keyword} needs a shell (line ${span.startLine}).` }
      const words = splitWords(argumentText.replace(/^exec\s+/, '')).map(unquote)
      const after = `${keyword} ${JSON.stringify(words)}`
      result.lines.push(after)
      result.reasons.push({
        line: span.startLine,
        before: text,
        after,
        reason: 'Without a shell the command must be a list of words.',
      })
    }
  }
  return result
}
