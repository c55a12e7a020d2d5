import type { StagedDockerfile } from '../dockerfile/stages'
import type { ProjectFiles } from '../variants/split/project-files'
import type { Finding } from './finding'
import { modelOf, type StagedModel } from './staged-model'

export type FindingRule = (model: StagedModel) => Finding[]

/** What the rules find, set after set, each in the order of lines; nothing for a target that the file does not have. */
export function applyRules(
  sets: readonly (readonly FindingRule[])[],
  staged: StagedDockerfile,
  target: number,
  files: ProjectFiles,
): Finding[] {
  if (staged.stages[target] === undefined) return []
  const model = modelOf(staged, target, files)
  return sets.flatMap((rules) => rules.flatMap((rule) => rule(model)).sort(byLine))
}

const byLine = (a: Finding, b: Finding): number => a.line - b.line || (a.rule < b.rule ? -1 : 1)
