import type { ShellCommand } from '../../dockerfile/stage-state'
import { aptPackages, librariesOf } from './packages'
import { noExtras, type SplitRule } from './plan'
import { runs, type SingleStage } from './single-stage'
import { baseName, slimTag } from './slim-base'

const venv = '/opt/venv'

/** Python: packages go into a virtual environment, which is copied whole; copying only the project's folder would lose them. */
export const pythonRule: SplitRule = (single) => {
  const { image, isSlim } = baseName(single.base)
  const installs = pipInstalls(single)
  if (image !== 'python' && installs.length === 0) return undefined
  if (image !== 'python')
    return { refusal: 'it installs Python itself; on an official python image its slim counterpart could be taken.' }
  if (['poetry', 'uv', 'pipenv', 'conda', 'pdm'].some((name) => runs(single, name).length > 0))
    return { refusal: 'its packages are installed by another tool than pip, which Cutaway does not split yet.' }
  const { runtime, build } = aptPackages(single)
  if (isSlim && build.length === 0)
    return {
      refusal: 'its base is slim already and it installs no build tools, so a second stage would leave nothing behind.',
    }
  const first = installs[0]?.step.instruction
  const { libraries, unknown } = librariesOf(build)
  return {
    ...noExtras,
    language: 'Python',
    runtimeBase: slimTag(single.base, 'slim-release'),
    baseReason: 'The same minor version, because packages lie under its name; without compilers and headers.',
    inserts: first
      ? [
          {
            before: first,
            lines: [`RUN python -m venv ${venv}`, `ENV PATH=${venv}/bin:$PATH`],
            reason:
              'Packages are installed into a folder of their own, so that they can be copied without the rest of the system.',
          },
        ]
      : [],
    packages: [...runtime, ...libraries],
    env: first ? [`PATH=${venv}/bin:$PATH`] : [],
    copies: [
      ...(first ? [{ path: venv, reason: 'The installed packages, at the same path: their scripts name it.' }] : []),
      { path: single.workdir, reason: 'The project’s own files.' },
    ],
    doubts: unknown.map((name) => `The shared library of ${name} may have to be installed in the final stage.`),
  }
}

/** Installs of the project's packages; of pip itself and its helpers there is nothing to keep. */
function pipInstalls(single: SingleStage): ShellCommand[] {
  const direct = [...runs(single, 'pip', 'install'), ...runs(single, 'pip3', 'install')]
  const module = single.commands.filter(
    ({ words }) => /^python/.test(words[0]!) && words.slice(1, 4).join(' ') === '-m pip install',
  )
  return [...direct, ...module]
    .filter(({ words }) => !words.slice(2).every((word) => /^(-.*|pip|install|setuptools|wheel|-m)$/.test(word)))
    .sort((a, b) => single.commands.indexOf(a) - single.commands.indexOf(b))
}
