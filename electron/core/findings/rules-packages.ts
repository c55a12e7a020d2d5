import { joinPath, type ShellCommand } from '../dockerfile/stage-state'
import { gemFolder } from '../variants/split/gem-folder'
import { baseFacts } from './base-facts'
import type { Finding } from './finding'
import { landings, type ModelStage, type StagedModel } from './staged-model'

// Packages that a build stage installs, and that the final stage lacks, or has at another place.

interface Install {
  readonly command: ShellCommand
  readonly tool: string
  /** Where the packages go. */
  readonly path: string
  readonly isVenv: boolean
}

const helpers =
  /^(-.*|pip|setuptools|wheel|build|virtualenv|poetry|pipenv|uv|cython|twine|hatch|meson|ninja)([=<>~!].*)?$/i

/** The classic: `pip install` in the build stage, and only the project's folder is copied. */
export function lostPackages(model: StagedModel): Finding[] {
  return installs(model).flatMap(({ stage, install }): Finding[] => {
    const { command, tool, path, isVenv } = install
    const { startLine } = command.step.instruction.span
    const places = candidatePaths(install, stage).flatMap((each) => landings(model, stage.stage.index, each))
    if (places.length === 0)
      return [
        {
          rule: 'packages-not-copied',
          severity: 'error',
          line: startLine,
          what: `${tool} installs packages into ${path}, but the final stage doesn’t copy them.`,
          why:
            tool === 'pip'
              ? "ModuleNotFoundError: No module named '…'"
              : 'The program can’t find its packages at run time.',
          fix: `${tool === 'pip' && !isVenv ? 'Install into a virtual environment (RUN python -m venv /opt/venv, ENV PATH=/opt/venv/bin:$PATH), then COPY' : 'COPY'} --from=${stage.stage.label} ${isVenv || tool !== 'pip' ? `${path} ${path}` : '/opt/venv /opt/venv'}`,
        },
      ]
    if (isVenv && !places.includes(path))
      return [
        {
          rule: 'virtual-environment-moved',
          severity: 'error',
          line: copyLine(model, places[0]!) ?? startLine,
          what: `The virtual environment ${path} is copied to another path, ${places[0]}.`,
          why: `Its scripts start with #!${path}/bin/python, which doesn’t exist in the image: no such file or directory.`,
          fix: `COPY --from=${stage.stage.label} ${path} ${path}`,
        },
      ]
    return []
  })
}

/** Packages lie in a folder named after Python's minor version; another one does not look there. */
export function pythonVersions(model: StagedModel): Finding[] {
  const wanted = baseFacts(model.final).python
  if (wanted === undefined) return []
  return installs(model)
    .filter(({ install }) => install.tool === 'pip')
    .flatMap(({ stage }): Finding[] => {
      const built = baseFacts(stage).python
      const isFinal = model.final.chain.includes(stage.stage.index)
      if (isFinal || built === undefined || built === wanted) return []
      return [
        {
          rule: 'python-version-differs',
          severity: 'error',
          line: model.final.stage.from.span.startLine,
          what: `Packages are installed with Python ${built}, but the image runs Python ${wanted}.`,
          why: "ModuleNotFoundError: No module named '…'. Python looks for packages in a folder named after its version.",
          fix: `Use a final base image with Python ${built}, or python:${wanted} in stage “${stage.stage.label}”.`,
        },
      ]
    })
    .slice(0, 1)
}

function installs(model: StagedModel): { stage: ModelStage; install: Install }[] {
  const usesPython = baseFacts(model.final).python !== undefined || hasPython(model.final)
  const hasBundler = bundles(model)
  return model.stages
    .filter(({ stage }) => model.reached.has(stage.index) && !model.final.chain.includes(stage.index))
    .flatMap((stage) =>
      stage.commands.flatMap((command) => {
        const install = pipInstall(command) ?? nodeInstall(command, hasBundler) ?? gemInstall(command, stage)
        if (install === undefined || (install.tool === 'pip' && !usesPython)) return []
        if (install.tool === 'npm' && !runsNode(model.final)) return []
        return [{ stage, install }]
      }),
    )
}

const hasPython = ({ commands }: ModelStage): boolean =>
  commands.some(({ words }) => words.some((word) => /^python3/.test(word)))

const runsNode = ({ steps }: ModelStage): boolean =>
  steps.some(
    ({ instruction }) =>
      /^(CMD|ENTRYPOINT)$/.test(instruction.keyword) && /\b(node|npm|yarn|pnpm)\b/.test(instruction.argumentText),
  )

function pipInstall(command: ShellCommand): Install | undefined {
  const { words, step, workdir } = command
  const program = words[0]!
  const isModule = /^(.*\/)?python[\d.]*$/.test(program) && words[1] === '-m' && words[2] === 'pip'
  const at = isModule ? 3 : /^(.*\/)?pip[\d.]*$/.test(program) ? 1 : -1
  if (at < 0 || words[at] !== 'install' || words.slice(at + 1).every((word) => helpers.test(word))) return undefined
  const flag = (...names: readonly string[]): string | undefined =>
    words.flatMap((word, index) => {
      const [name, value] = word.split('=')
      return names.includes(name!) ? [value ?? words[index + 1] ?? ''] : []
    })[0]
  const made = (path: string, isVenv: boolean): Install => ({ command, tool: 'pip', path, isVenv })
  const target = flag('--target', '-t', '--prefix', '--root')
  if (target !== undefined) return made(joinPath(workdir, target), false)
  if (words.includes('--user')) return made(`${step.env.HOME ?? '/root'}/.local`, false)
  const called = /^(\/.*)\/bin\/[^/]+$/.exec(program)?.[1]
  const first = /^(\/[^:]*)\/bin(?::|$)/.exec(step.env.PATH ?? '')?.[1]
  const venv = [called, step.env.VIRTUAL_ENV, first].find(
    (path) => path !== undefined && !/^\/usr(\/local)?$/.test(path),
  )
  return venv === undefined ? made('the system site-packages', false) : made(venv, true)
}

/** Not where a bundler, in whatever stage, may have put everything into its output. */
function nodeInstall(command: ShellCommand, hasBundler: boolean): Install | undefined {
  const [program, verb] = command.words
  if (!/^(npm|yarn|pnpm)$/.test(program!) || !['ci', 'install', 'i', undefined].includes(verb)) return undefined
  if (hasBundler || command.words.some((word) => word === '-g' || word === '--global')) return undefined
  return { command, tool: 'npm', path: joinPath(command.workdir, 'node_modules'), isVenv: false }
}

const bundles = ({ stages, final }: StagedModel): boolean =>
  stages
    .filter((stage) => !final.chain.includes(stage.stage.index))
    .flatMap(({ commands }) => commands)
    .some(({ words }) =>
      words.some((word) => /build|bundle|compile|(webpack|esbuild|vite|rollup|ncc|next)$/.test(word)),
    )

function gemInstall(command: ShellCommand, { commands, base }: ModelStage): Install | undefined {
  if (command.words[0] !== 'bundle' || command.words[1] !== 'install') return undefined
  return { command, tool: 'bundler', path: gemFolder(command, commands, base), isVenv: false }
}

/** Paths of which one must arrive; of the system's packages every way to take them along is right. */
function candidatePaths({ path }: Install, stage: ModelStage): string[] {
  if (path.startsWith('/')) return [path]
  const version = baseFacts(stage).python ?? '3'
  return [
    `/usr/local/lib/python${version}/site-packages`,
    `/usr/local/lib/python${version}`,
    '/usr/local',
    '/usr/lib/python3/dist-packages',
  ]
}

const copyLine = ({ final }: StagedModel, place: string): number | undefined =>
  final.copies.find(({ destination }) => place === destination || place.startsWith(`${destination}/`))?.instruction.span
    .startLine
