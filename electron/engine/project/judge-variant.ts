import type { Finding } from '../../core/findings/finding'
import { judge } from '../../core/findings/judge'
import type { Variant } from '../../core/variants/variant'
import type { Project } from './open-project'

/** What would keep a variant's image from running, and what its Dockerfile could do without. */
export function judgeVariant({ dockerfiles, broken }: Project, { path, staged, target }: Variant): Finding[] {
  const { files } = [...dockerfiles, ...broken].find((file) => file.path === path)!
  return judge(staged, target, files)
}
