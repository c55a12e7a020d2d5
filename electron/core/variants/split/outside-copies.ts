import { flagValue } from '../../dockerfile/parse'
import { joinPath } from '../../dockerfile/stage-state'
import { argumentWords, expandVariables } from '../../dockerfile/words'
import type { CopiedPath, SplitPlan } from './plan'
import type { SingleStage } from './single-stage'

// Where settings and scripts go; sources for a compiler go elsewhere.
const placesOfCompiled = /^\/(etc|usr\/share|usr\/local\/(share|bin|etc))\/|^\/[^/]+\.(sh|json|ya?ml|toml|ini|conf)$/
const compiled = new Set(['Go', 'Rust', 'C or C++', 'Java'])

/**
 * Files of the context that the user puts outside the project's folder: settings, entry scripts. They are taken from the build
 * stage, because a later RUN may have changed them.
 */
export function copiesOutside({ steps, workdir }: SingleStage, plan: SplitPlan): CopiedPath[] {
  return steps.flatMap(({ instruction, workdir: here, env }) => {
    if (!/^(COPY|ADD)$/.test(instruction.keyword) || flagValue(instruction, 'from') !== undefined) return []
    const words = argumentWords(instruction.argumentText).map((word) => expandVariables(word, env))
    const destination = words.at(-1) ?? '.'
    const folder = joinPath(here, destination)
    const isFolder = words.length > 2 || destination.endsWith('/')
    const paths = isFolder
      ? words.slice(0, -1).map((source) => joinPath(folder, source.replace(/\/+$/, '').split('/').at(-1)!))
      : [folder]
    return paths
      .filter((path) => path !== workdir && !path.startsWith(`${workdir === '/' ? '' : workdir}/`))
      .filter(
        (path) => !workdir.startsWith(`${path}/`) && (!compiled.has(plan.language) || placesOfCompiled.test(path)),
      )
      .map((path) => ({ path, reason: 'The project puts this file outside its own folder.' }))
  })
}
