import { gemFolder } from './gem-folder'
import { librariesOf, systemPackages } from './packages'
import { leavesNothing, noExtras, type SplitRule } from './plan'
import { runs } from './single-stage'
import { baseName, slimTag } from './slim-base'

/** Ruby: the gems where Bundler puts them, and the project's folder, on the slim image of the same version. */
export const rubyRule: SplitRule = (single) => {
  const installs = [...runs(single, 'bundle', 'install'), ...runs(single, 'bundle')].filter(
    ({ words }) => words.length === 1 || words[1] === 'install',
  )
  const { image, isSlim } = baseName(single.base)
  if (image !== 'ruby' && installs.length === 0) return undefined
  if (image !== 'ruby')
    return { refusal: 'it installs Ruby itself; on an official ruby image its slim counterpart could be taken.' }
  const { runtime, build } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  const gems = installs[0] && gemFolder(installs[0], single.commands, single.base)
  return {
    ...noExtras,
    leavesNothing: isSlim && build.length === 0 ? leavesNothing : undefined,
    language: 'Ruby',
    runtimeBase: slimTag(single.base, 'release-slim').replace(/-([a-z]+)-slim$/, '-slim-$1'),
    baseReason: 'The same version without the compilers that native gems are built with.',
    packages: [...runtime, ...libraries],
    copies: [
      ...(gems !== undefined && !gems.startsWith(`${single.workdir}/`)
        ? [{ path: gems, reason: 'The gems, where Bundler put them.' }]
        : []),
      { path: single.workdir, reason: 'The project’s own files.' },
    ],
    doubts: libraryDoubts,
  }
}
