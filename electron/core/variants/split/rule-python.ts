import { librariesOf, systemPackages } from './packages'
import { leavesNothing, noExtras, type SplitRule } from './plan'
import { pipInstalls, pythonPackages } from './python-tools'
import { runs } from './single-stage'
import { baseName, slimTag } from './slim-base'

/** Python: packages go into a virtual environment, which is copied whole; copying only the project's folder would lose them. */
export const pythonRule: SplitRule = (single) => {
  const { image, isSlim } = baseName(single.base)
  const isPython = ['poetry', 'uv'].some((name) => runs(single, name).length > 0) || pipInstalls(single).length > 0
  if (image !== 'python' && !isPython) return undefined
  if (image !== 'python')
    return { refusal: 'it installs Python itself; on an official python image its slim counterpart could be taken.' }
  const packages = pythonPackages(single)
  if ('refusal' in packages) return packages
  const { venv, inserts, env, startsThrough, doubts } = packages
  const { runtime, build } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  const isOutside = venv !== undefined && !venv.startsWith(`${single.workdir}/`)
  return {
    ...noExtras,
    language: 'Python',
    leavesNothing: isSlim && build.length === 0 && startsThrough.length === 0 ? leavesNothing : undefined,
    runtimeBase: slimTag(single.base, 'slim-release'),
    baseReason: 'The same minor version, because packages lie under its name; without compilers and headers.',
    inserts,
    packages: [...runtime, ...libraries],
    env,
    venv,
    startsThrough,
    copies: [
      ...(isOutside
        ? [{ path: venv, reason: 'The installed packages, at the same path: their scripts name it.' }]
        : []),
      {
        path: single.workdir,
        reason:
          isOutside || venv === undefined
            ? 'The project’s own files.'
            : 'The project’s own files, with its virtual environment.',
      },
    ],
    doubts: [...libraryDoubts, ...doubts],
  }
}
