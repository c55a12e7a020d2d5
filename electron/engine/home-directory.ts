import { homedir, userInfo } from 'node:os'
import { isAbsolute, join, parse, resolve } from 'node:path'

/** The user's home directory. An empty or relative HOME is ignored, so that the result never depends on the current folder. */
export function homeDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return [() => environment.HOME, () => userInfo().homedir, homedir].map(absolute).find(isKnown) ?? '/'
}

/** The Docker client's configuration folder: DOCKER_CONFIG, or `.docker` in the home directory. */
export const dockerConfigFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.DOCKER_CONFIG
    ? fromStart(environment.DOCKER_CONFIG, environment)
    : join(homeDirectory(environment), '.docker')

/**
 * A path of the user's environment as an absolute one, so that a process in another folder reads the same file. A relative path counts from
 * the folder that Cutaway was started in.
 */
export const fromStart = (path: string, environment: NodeJS.ProcessEnv): string =>
  resolve(environment.INIT_CWD || '.', path)

/**
 * The current folder of programs that are found by name. Windows looks there before PATH does, and so does a relative entry of PATH: the
 * folder that Cutaway was started in may be a project of someone else.
 */
export const neutralFolder = parse(process.execPath).root

/** A folder from the environment, where it is an absolute path; the XDG specification ignores all others. */
export const absoluteFolder = (path: string | undefined): string | undefined =>
  path !== undefined && isAbsolute(path) ? path : undefined

const isKnown = (path: string | undefined): path is string => path !== undefined

/** A user without an entry in the password database has no home directory: reading it throws. */
function absolute(read: () => string | undefined): string | undefined {
  try {
    return absoluteFolder(read())
  } catch {
    return undefined
  }
}
