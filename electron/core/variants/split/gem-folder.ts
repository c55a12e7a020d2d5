import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import { baseName } from './slim-base'

/** Where a `bundle install` puts gems: where it is told to, else where Ruby of this base has them. */
export function gemFolder(install: ShellCommand, commands: readonly ShellCommand[], base: string | undefined): string {
  const at = install.words.indexOf('--path')
  const configured = commands
    .filter(({ words }) => words[0] === 'bundle' && words[1] === 'config' && words.includes('path'))
    .map(({ words }) => words[words.indexOf('path') + 1])
    .at(-1)
  const isDeployment = commands.some(
    ({ words }) => words[0] === 'bundle' && words.some((word) => /deployment$/.test(word)),
  )
  const { env } = install.step
  const told =
    at > 0
      ? install.words[at + 1]
      : (install.env.BUNDLE_PATH ?? env.BUNDLE_PATH ?? configured ?? (isDeployment ? 'vendor/bundle' : undefined))
  if (told !== undefined) return joinPath(install.workdir, told)
  return base !== undefined && baseName(base).image === 'ruby' ? '/usr/local/bundle' : '/var/lib/gems'
}
