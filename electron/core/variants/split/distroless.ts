import { isImageSetting } from '../../dockerfile/image-settings'
import type { Instruction } from '../../dockerfile/parse'
import { execForm, splitWords, unquote } from '../../dockerfile/words'
import type { DerivationReason } from '../variant'
import { type DistrolessRuntime, distrolessRuntime } from './distroless-runtime'
import { copyLine, type FinalStage, ownWords, runtimeEnv, workdirLine } from './final-stage'
import type { SplitPlan } from './plan'
import type { SingleStage } from './single-stage'

/** The newest release that distroless images are made of (https://github.com/GoogleContainerTools/distroless). */
const release = 'debian13'
const user = '65532:65532'

type Refusal = { readonly refusal: string }

/** The final stage on a base without shell and package manager, where the program can do without them. */
export function toDistroless(single: SingleStage, plan: SplitPlan): FinalStage | Refusal {
  const settings = commandSettings(single, plan)
  if ('refusal' in settings) return settings
  const { runtime, base } = settings
  if (base === undefined) return { refusal: `Cutaway knows no distroless base for this ${plan.language} project.` }
  const packages = plan.packages.filter((name) => !isThere(name, base) && !runtime?.covers.test(name))
  if (packages.length > 0) return { refusal: `it needs packages that no distroless base has (${packages.join(', ')}).` }
  if (plan.copies.some(({ path }) => /\.(sh|bash)$/.test(path)))
    return { refusal: 'it starts through a shell script, and a distroless base has no shell.' }
  const { stage } = single
  const env = runtime ? { ...plan, env: runtime.env } : plan
  const lines = [`FROM ${base}`, ...runtimeEnv(single, env), ...workdirLine(single)]
  const reasons: DerivationReason[] = [
    {
      line: stage.from.span.startLine,
      before: stage.from.text,
      after: lines[0],
      reason: 'No shell, no package manager, nothing to break into; certificates, time zones and users are there.',
    },
  ]
  const add = (after: string, reason: string): void => {
    lines.push(after)
    reasons.push({ line: undefined, before: undefined, after, reason })
  }
  for (const pair of runtime?.env ?? [])
    reasons.push({
      line: undefined,
      before: undefined,
      after: `ENV ${pair}`,
      reason: 'The interpreter is another one than that of the build stage, so it must be told where packages lie.',
    })
  for (const copy of plan.copies) add(copyLine(single, copy), copy.reason)
  const own = stage.instructions.findLast(({ keyword }) => keyword === 'USER')
  if (own === undefined) add(`USER ${user}`, 'The program need not be root; distroless images call this user nonroot.')
  else if (/^(root|nonroot|nobody|\d+)(:|$)/.test(own.argumentText)) lines.push(own.text)
  else add(`USER ${user}`, `The user ${own.argumentText} is made by a command, and nothing is there to run it.`)
  lines.push(...settings.lines)
  const doubts = (runtime?.doubts ?? []).map((doubt) => ({
    line: undefined,
    before: undefined,
    after: undefined,
    reason: `Check: ${doubt}`,
  }))
  return { lines, reasons: [...reasons, ...settings.reasons, ...doubts] }
}

/** Packages that distroless images are made of. */
function isThere(name: string, base: string): boolean {
  if (/^(ca-certificates|tzdata|netbase|media-types)$/.test(name)) return true
  return !base.includes('/static-') && /^(libc6|libssl3|zlib1g)$/.test(name)
}

function compiledBase({ base }: SingleStage, plan: SplitPlan): string | undefined {
  if (plan.isStatic) return `gcr.io/distroless/static-${release}:nonroot`
  if (/alpine/.test(base)) return undefined
  if (plan.language === 'Go') return `gcr.io/distroless/base-${release}:nonroot`
  return /^(C or C\+\+|Rust)$/.test(plan.language) ? `gcr.io/distroless/cc-${release}:nonroot` : undefined
}

interface CommandSettings extends FinalStage {
  readonly base: string | undefined
  readonly runtime: DistrolessRuntime | undefined
}

/** The settings of the image with a command that needs no shell, and the base that can run it. */
function commandSettings(single: SingleStage, plan: SplitPlan): CommandSettings | Refusal {
  const lines: string[] = []
  const reasons: DerivationReason[] = []
  const settings = single.stage.instructions.filter(isImageSetting)
  const starter =
    settings.findLast(({ keyword }) => keyword === 'ENTRYPOINT') ??
    settings.findLast(({ keyword }) => keyword === 'CMD')
  if (starter === undefined) return { refusal: 'it has neither ENTRYPOINT nor CMD, so what it starts cannot be told.' }
  const words = vectorOf(starter, plan)
  if ('refusal' in words) return words
  const runtime = distrolessRuntime(single, plan, words)
  if (runtime && 'refusal' in runtime) return runtime
  for (const instruction of settings) {
    const { keyword, text, span } = instruction
    const because = (after: string | undefined, reason: string): void => {
      if (after !== undefined) lines.push(after)
      reasons.push({ line: span.startLine, before: text, after, reason })
    }
    const lost = healthProblem(instruction)
    if (lost !== undefined) because(undefined, lost)
    else if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT') lines.push(text)
    else if (instruction === starter && runtime) {
      if (keyword === 'CMD') because('ENTRYPOINT []', 'The base would start its interpreter in front of the command.')
      because(
        `${keyword} ${JSON.stringify(runtime.words)}`,
        'The interpreter by its path: there is no shell and nothing else that could find it.',
      )
    } else {
      const vector = vectorOf(instruction, plan)
      if ('refusal' in vector) return vector
      const after = `${keyword} ${JSON.stringify(vector)}`
      if (execForm(instruction.argumentText)) lines.push(text)
      else because(after, 'Without a shell the command must be a list of words.')
    }
  }
  return { lines, reasons, runtime, base: runtime?.base ?? compiledBase(single, plan) }
}

/** The words of a command; a refusal where only a shell can take it apart. */
function vectorOf({ keyword, argumentText, span }: Instruction, plan: SplitPlan): readonly string[] | Refusal {
  const vector = execForm(argumentText)
  if (vector === undefined && /[;&|<>$`*?(){}]/.test(argumentText))
    return { refusal: `its ${keyword} needs a shell (line ${span.startLine}).` }
  return ownWords(vector ?? splitWords(argumentText.replace(/^exec\s+/, '')).map(unquote), plan)
}

/** Why a health check cannot stay. */
function healthProblem({ keyword, argumentText }: Instruction): string | undefined {
  if (keyword !== 'HEALTHCHECK' || /^NONE/i.test(argumentText)) return undefined
  const command = /\bCMD\s*(\[.*)$/s.exec(argumentText)?.[1]
  if (command === undefined) return 'The health check needs a shell, which is not there.'
  const program = execForm(command)?.[0]?.split('/').at(-1)
  return program === 'curl' || program === 'wget' ? `The health check calls ${program}, which is not there.` : undefined
}
