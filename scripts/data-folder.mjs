// Where Cutaway keeps its data, for scripts that run before the app is built: the rule of electron/engine/setup/data-directory.ts.
import { userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The data folder on Linux, where Cutaway's own engine runs. */
export function dataFolder(environment = process.env) {
  const { CUTAWAY_DATA, INIT_CWD, XDG_DATA_HOME = '', HOME = '' } = environment
  if (CUTAWAY_DATA) return resolve(INIT_CWD || '.', CUTAWAY_DATA)
  const home = isAbsolute(HOME) ? HOME : userInfo().homedir
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(home, '.local/share'), 'cutaway')
}
