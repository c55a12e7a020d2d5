import { foreignInstall } from './packages'
import type { SplitPlan, SplitRule } from './plan'
import { cRule } from './rule-c'
import { debianRule } from './rule-debian'
import { dotnetRule } from './rule-dotnet'
import { goRule } from './rule-go'
import { javaRule } from './rule-java'
import { nodeRule } from './rule-node'
import { phpRule } from './rule-php'
import { pythonRule } from './rule-python'
import { rubyRule } from './rule-ruby'
import { rustRule } from './rule-rust'
import { staticSiteRule } from './rule-static-site'
import type { SingleStage } from './single-stage'

/** Asked in turn: compiled languages first, because their projects often use make, and Node.js for their pages; Debian is the last resort. */
const rules: readonly SplitRule[] = [
  goRule,
  rustRule,
  javaRule,
  dotnetRule,
  pythonRule,
  rubyRule,
  phpRule,
  staticSiteRule,
  nodeRule,
  cRule,
  debianRule,
]

/** How to divide this stage, or why Cutaway does not. */
export function planSplit(single: SingleStage): SplitPlan | { readonly refusal: string } {
  const foreign = foreignInstall(single)
  if (foreign)
    return { refusal: `it installs packages with ${foreign.words[0]}, and Cutaway knows no small base that has these.` }
  let refusal: string | undefined
  for (const rule of rules) {
    const plan = rule(single)
    if (plan === undefined) continue
    if (!('refusal' in plan)) return plan
    refusal ??= plan.refusal
  }
  return {
    refusal:
      refusal ??
      'none of its commands builds or installs anything in a way that Cutaway knows, so what the program needs to run cannot be told.',
  }
}
