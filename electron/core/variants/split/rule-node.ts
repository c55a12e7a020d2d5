import { aptPackages } from './packages'
import { noExtras, type SplitPlan, type SplitRule } from './plan'
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
  if (manager === undefined && image !== 'node') return undefined
  if (image !== 'node')
    return { refusal: 'it installs Node.js itself; on an official node image its slim counterpart could be taken.' }
  if (manager === undefined) return { refusal: 'no RUN installs its packages, so there is nothing to leave behind.' }
  return plan(single, manager)
}

const isInstall = ({ words }: { words: readonly string[] }): boolean =>
  words.length === 1 || ['ci', 'i', 'install'].includes(words[1]!)

function plan(single: SingleStage, manager: Manager): SplitPlan {
  const isProduction =
    single.env.NODE_ENV === 'production' ||
    runs(single, manager).some(({ words }) => words.some((word) => /^--(omit=dev|production|prod)$/.test(word)))
  const hasDevelopment = /"devDependencies"\s*:\s*\{\s*"/.test(single.files.text('package.json') ?? '')
  const { runtime } = aptPackages(single)
  const usesManager = managers.some((name) => single.program?.words[0] === name)
  return {
    ...noExtras,
    language: 'Node.js',
    runtimeBase: slimTag(single.base, 'release-slim'),
    baseReason: 'Compilers, headers, Python and git of the full image are for building add-ons only.',
    inserts:
      hasDevelopment && !isProduction
        ? [
            {
              before: undefined,
              lines: [`RUN ${prune[manager]}`],
              reason: 'Packages that only development needs are removed before the rest is copied.',
            },
          ]
        : [],
    packages: runtime,
    copies: [
      {
        path: single.workdir,
        reason:
          'The project’s folder with its packages; native add-ons fit, because both stages have the same C library.',
      },
    ],
    doubts: usesManager
      ? [
          `The image starts through ${single.program!.words[0]}; starting node itself would pass signals on and need no package manager.`,
        ]
      : [],
  }
}
