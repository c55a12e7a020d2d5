import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import type { Insert } from './plan'
import { flagOf, runs, type SingleStage } from './single-stage'

/** Where a project's packages are put, and what the build stage needs for that beside the user's own lines. */
export interface PythonPackages {
  /** The folder of the virtual environment; undefined when nothing is installed. */
  readonly venv: string | undefined
  readonly inserts: readonly Insert[]
  readonly env: readonly string[]
  readonly startsThrough: readonly string[]
  readonly doubts: readonly string[]
}

const pipVenv = '/opt/venv'
const none: PythonPackages = { venv: undefined, inserts: [], env: [], startsThrough: [], doubts: [] }

/** Asks in turn: uv, Poetry, a virtual environment that the file makes itself, pip. */
export function pythonPackages(single: SingleStage): PythonPackages | { readonly refusal: string } {
  for (const name of ['pipenv', 'conda', 'mamba', 'pdm', 'hatch'])
    if (runs(single, name).length > 0)
      return { refusal: `its packages are installed by ${name}, and where that puts them cannot be told.` }
  return withUv(single) ?? withPoetry(single) ?? withOwnVenv(single) ?? withPip(single)
}

function withUv(single: SingleStage): PythonPackages | { readonly refusal: string } | undefined {
  if (runs(single, 'uv', 'pip').length > 0)
    return {
      refusal:
        'uv pip puts its packages beside those of the system; with uv sync, or into a virtual environment, they could be copied.',
    }
  const sync = runs(single, 'uv', 'sync').at(-1)
  if (sync === undefined) return undefined
  const venv = joinPath(sync.workdir, sync.step.env.UV_PROJECT_ENVIRONMENT ?? '.venv')
  return {
    ...none,
    venv,
    env: [`PATH=${venv}/bin:$PATH`],
    startsThrough: ['uv', 'run'],
    doubts: sync.words.some((word) => /^--(no-dev|only-group|no-default-groups)/.test(word))
      ? []
      : ['Packages of development stay: uv sync --no-dev leaves them out.'],
  }
}

function withPoetry(single: SingleStage): PythonPackages | undefined {
  const installs = runs(single, 'poetry', 'install')
  const [first] = installs
  if (first === undefined) return undefined
  const venv = joinPath(first.workdir, '.venv')
  const setting = 'ENV POETRY_VIRTUALENVS_CREATE=true POETRY_VIRTUALENVS_IN_PROJECT=true'
  const leavesDevelopment = installs.some(
    ({ words }) =>
      words.some((word) => /^--(only|without|no-dev|with)/.test(word)) || flagOf(first, '--only') !== undefined,
  )
  return {
    ...none,
    venv,
    inserts: [
      {
        before: first.step.instruction,
        lines: [setting],
        reason:
          'Poetry puts packages beside the project instead of into a cache or the system, so that they can be copied.',
      },
    ],
    env: [`PATH=${venv}/bin:$PATH`],
    startsThrough: ['poetry', 'run'],
    doubts: leavesDevelopment ? [] : ['Packages of development stay: poetry install --only main leaves them out.'],
  }
}

/** A virtual environment that the user's own lines make stays where it is. */
function withOwnVenv(single: SingleStage): PythonPackages | undefined {
  const made = [
    ...single.commands.filter(
      ({ words }) => /^python/.test(words[0]!.split('/').at(-1)!) && words[1] === '-m' && words[2] === 'venv',
    ),
    ...runs(single, 'virtualenv'),
  ].at(-1)
  const folder = made?.words.slice(1).findLast((word) => !word.startsWith('-'))
  if (made === undefined || folder === undefined || (folder === 'venv' && made.words.at(-2) === '-m')) return undefined
  return { ...none, venv: joinPath(made.workdir, folder) }
}

function withPip(single: SingleStage): PythonPackages {
  const [first] = pipInstalls(single)
  if (first === undefined) return none
  return {
    ...none,
    venv: pipVenv,
    inserts: [
      {
        before: first.step.instruction,
        lines: [`RUN python -m venv ${pipVenv}`, `ENV PATH=${pipVenv}/bin:$PATH`],
        reason:
          'Packages are installed into a folder of their own, so that they can be copied without the rest of the system.',
      },
    ],
    env: [`PATH=${pipVenv}/bin:$PATH`],
  }
}

/** Installs of the project's packages; of pip itself and its helpers there is nothing to keep. */
export function pipInstalls(single: SingleStage): ShellCommand[] {
  const direct = [...runs(single, 'pip', 'install'), ...runs(single, 'pip3', 'install')]
  const module = single.commands.filter(
    ({ words }) => /^python/.test(words[0]!) && words.slice(1, 4).join(' ') === '-m pip install',
  )
  const helper = /^(-.*|pip|install|setuptools|wheel|poetry|uv|pipx|-m)([=<>~].*)?$/
  return [...direct, ...module]
    .filter(({ words }) => !words.slice(2).every((word) => helper.test(word)))
    .sort((a, b) => single.commands.indexOf(a) - single.commands.indexOf(b))
}
