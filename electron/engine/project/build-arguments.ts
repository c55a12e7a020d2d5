import type { Variables } from '../../core/dockerfile/words'
import type { Project } from './open-project'

/** All that the builds of a project are given beside its Dockerfiles, from the command line and from compose files. */
export const buildArguments = ({ dockerfiles }: Pick<Project, 'dockerfiles'>): Variables =>
  Object.assign({}, ...dockerfiles.map(({ staged }) => staged.inputs.args))
