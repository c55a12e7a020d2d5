import type { StagedDockerfile } from '../dockerfile/stages'
import type { ProjectFiles } from '../variants/split/project-files'
import { problemRules } from './find-problems'
import type { Finding } from './finding'
import { applyRules } from './finding-rule'
import { savingRules } from './savings/find-savings'

/** Everything that can be told of a Dockerfile, from one reading of its stages: what keeps it from running, then what it could do without. */
export const judge = (staged: StagedDockerfile, target: number, files: ProjectFiles): Finding[] =>
  applyRules([problemRules, savingRules], staged, target, files)
