import type { ShellCommand } from '../../dockerfile/stage-state'
import { librariesOf, systemPackages } from './packages'
import { leavesNothing, noExtras, type SplitPlan, type SplitRule } from './plan'
import { runs, type SingleStage } from './single-stage'
import { baseName, slimTag } from './slim-base'

const managers = ['npm', 'yarn', 'pnpm'] as const
type Manager = (typeof managers)[number]

const prune: Readonly<Record<Manager, string>> = {
  npm: 'npm prune --omit=dev',
  yarn: 'yarn install --production --ignore-scripts --prefer-offline',
  pnpm: 'pnpm prune --prod',
}

/** Node.js: dependencies without those of development, and the project's folder; on the slim image of the same version. */
export const nodeRule: SplitRule = (single) => {
  const manager = managers.find((name) => runs(single, name).some(isInstall))
  const { image } = baseName(single.base)
  const global = globalInstall(single)
  if (manager === undefined && image !== 'node') return undefined
  if (image !== 'node')
    return { refusal: 'its base is not an official node image, whose slim counterpart could be taken.' }
  if (global)
    return {
      refusal: `line ${global.step.instruction.span.startLine} installs “${global.words.join(' ')}” beside the project, and what of it the program needs cannot be told.`,
    }
  if (manager === undefined) return { refusal: 'no RUN installs its packages, so there is nothing to leave behind.' }
  return plan(single, manager)
}

const isGlobal = (words: readonly string[]): boolean =>
  words.some((word) => /^(-g|--global|--location=global|global)$/.test(word))

const isInstall = ({ words }: { words: readonly string[] }): boolean =>
  (words.length === 1 || ['ci', 'i', 'install'].includes(words[1]!)) && !isGlobal(words)

/** Global tools are taken for tools of the build where the program is started without them. */
function globalInstall({ commands, program }: SingleStage): ShellCommand | undefined {
  const browser = commands.find(({ words }) => words.includes('playwright') && words.includes('install'))
  const starts = program?.words[0]?.split('/').at(-1) ?? ''
  if (browser !== undefined || /^(node|npm|npx|yarn|pnpm)$/.test(starts) || program?.words[0]?.includes('/'))
    return browser
  return commands.find(({ words }) => managers.some((name) => name === words[0]) && isGlobal(words))
}

function plan(single: SingleStage, manager: Manager): SplitPlan {
  const install = runs(single, manager).find(isInstall)
  const isProduction =
    install?.step.env.NODE_ENV === 'production' ||
    runs(single, manager).some(({ words }) => words.some((word) => /^--(omit=dev|production|prod)$/.test(word)))
  const manifest = single.files.text('package.json') ?? ''
  const leavesDevelopment = /"devDependencies"\s*:\s*\{\s*"/.test(manifest) && !isProduction
  // Newer yarn removes nothing without a plugin.
  const isNewYarn = manager === 'yarn' && (single.files.names.includes('.yarnrc.yml') || /"yarn@[2-9]/.test(manifest))
  const { runtime, build } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  const base = baseName(single.base)
  const prunes = leavesDevelopment && !isNewYarn
  const starter = managers.find((name) => single.program?.words[0] === name)
  return {
    ...noExtras,
    language: 'Node.js',
    runtimeBase: slimTag(single.base, 'release-slim'),
    baseReason: 'Compilers, headers, Python and git of the full image are for building add-ons only.',
    leavesNothing: (base.isSlim || base.isAlpine) && build.length === 0 && !prunes ? leavesNothing : undefined,
    inserts: prunes ? [pruneInsert(single, manager)] : [],
    // Python is asked for beside make and a compiler because add-ons are built with it.
    packages: [...runtime.filter((name) => !/^python(3|-is-python3)?$/.test(name)), ...libraries],
    copies: [
      {
        path: single.workdir,
        reason:
          'The project’s folder with its packages; native add-ons fit, because both stages have the same C library.',
      },
    ],
    doubts: [
      ...libraryDoubts,
      ...(starter
        ? [
            `The image starts through ${starter}; starting node itself would pass signals on and need no package manager.`,
          ]
        : []),
      ...(leavesDevelopment && isNewYarn
        ? ['Packages of development stay: this yarn removes them with a plugin only.']
        : []),
    ],
  }
}

/** After the last work of the build, before a USER that may not write there. */
function pruneInsert({ stage }: SingleStage, manager: Manager): SplitPlan['inserts'][number] {
  const last = stage.instructions.findLastIndex(({ keyword }) => /^(RUN|COPY|ADD)$/.test(keyword))
  const before = stage.instructions.slice(last + 1).find(({ keyword }) => keyword === 'USER')
  const reason = 'Packages that only development needs are removed before the rest is copied.'
  return { before, lines: [`RUN ${prune[manager]}`], reason }
}
