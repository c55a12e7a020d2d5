import type { StagedDockerfile } from '../dockerfile/stages'
import type { ProjectFiles } from '../variants/split/project-files'
import { byLine, type Finding } from './finding'
import { lostPackages, pythonVersions } from './rules-packages'
import { libraryOfBinary, missingInterpreter, missingTimeZones, scriptInterpreter } from './rules-program'
import { runWithoutShell, shellFormWithoutShell } from './rules-shell'
import { unknownUser } from './rules-user'
import { modelOf, type StagedModel } from './staged-model'

const rules: readonly ((model: StagedModel) => Finding[])[] = [
  lostPackages,
  pythonVersions,
  libraryOfBinary,
  missingInterpreter,
  scriptInterpreter,
  shellFormWithoutShell,
  runWithoutShell,
  unknownUser,
  missingTimeZones,
]

/**
 * What would keep the image of `target` from running, told from the Dockerfile and the context's manifests alone, in the order of
 * lines. Only what is sure is told: a base that is not known is given the benefit of the doubt.
 */
export function findProblems(staged: StagedDockerfile, target: number, files: ProjectFiles): Finding[] {
  if (staged.stages[target] === undefined) return []
  const model = modelOf(staged, target, files)
  return rules.flatMap((rule) => rule(model)).sort(byLine)
}
