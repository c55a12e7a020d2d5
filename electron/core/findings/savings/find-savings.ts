import type { StagedDockerfile } from '../../dockerfile/stages'
import type { ProjectFiles } from '../../variants/split/project-files'
import type { Finding } from '../finding'
import { applyRules, type FindingRule } from '../finding-rule'
import { addInstead, copiedBeforeInstall, unfilteredContext } from './context'
import { lonelyUpdate, removedLater, storedTwice } from './layers'
import { packageCaches } from './package-caches'
import { movingBase, runsAsRoot, secretsInSettings, shellFormCommand } from './settings'

export const savingRules: readonly FindingRule[] = [
  packageCaches,
  lonelyUpdate,
  storedTwice,
  removedLater,
  copiedBeforeInstall,
  unfilteredContext,
  addInstead,
  runsAsRoot,
  movingBase,
  secretsInSettings,
  shellFormCommand,
]

/**
 * What makes the image of `target` larger, its build slower or its use less safe than need be, told from the Dockerfile and the
 * names in its context, in the order of lines. Layers of stages that do not ship are not blamed for their size.
 */
export const findSavings = (staged: StagedDockerfile, target: number, files: ProjectFiles): Finding[] =>
  applyRules([savingRules], staged, target, files)
