import type { StagedDockerfile } from '../dockerfile/stages'
import type { ProjectFiles } from '../variants/split/project-files'
import type { Finding } from './finding'
import { applyRules, type FindingRule } from './finding-rule'
import { lostPackages, pythonVersions } from './rules-packages'
import { libraryOfBinary, missingInterpreter, missingTimeZones, scriptInterpreter } from './rules-program'
import { runWithoutShell, shellFormWithoutShell } from './rules-shell'
import { unknownUser } from './rules-user'

export const problemRules: readonly FindingRule[] = [
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
export const findProblems = (staged: StagedDockerfile, target: number, files: ProjectFiles): Finding[] =>
  applyRules([problemRules], staged, target, files)
