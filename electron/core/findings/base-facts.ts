import { baseName } from '../variants/split/slim-base'
import type { ModelStage } from './staged-model'

/** What is known of a base image by its name. Undefined where that cannot be told: then nothing is claimed. */
export interface BaseFacts {
  readonly hasShell: boolean | undefined
  readonly libc: 'glibc' | 'musl' | 'none' | undefined
  /** Names that can be used in USER and --chown; undefined when not known. */
  readonly users: readonly string[] | undefined
  /** Python's minor version, `3.13`. */
  readonly python: string | undefined
  /** Programs that are there beside those of a system: `node`. */
  readonly programs: readonly string[]
  /** Everything that is in it is known, so what is not listed is not there. */
  readonly isSmall: boolean
}

const debianUsers = [
  'root',
  'daemon',
  'bin',
  'sys',
  'sync',
  'games',
  'man',
  'lp',
  'mail',
  'news',
  'uucp',
  'proxy',
  'www-data',
  'backup',
  'list',
  'irc',
  'nobody',
  '_apt',
]

export function baseFacts({ base }: ModelStage): BaseFacts {
  if (base === undefined)
    return { hasShell: false, libc: 'none', users: [], python: undefined, programs: [], isSmall: true }
  if (/(^|\/)distroless\//.test(base)) return distrolessFacts(base)
  const { image, isAlpine, version, tag } = baseName(base)
  const isDebian = ['debian', 'ubuntu', 'golang', 'rust', 'gcc', 'node', 'python', 'ruby'].includes(image) && !isAlpine
  const python = image === 'python' ? /^3\.\d+/.exec(version)?.[0] : undefined
  const programs =
    {
      node: ['node', 'npm', 'npx', 'yarn'],
      python: ['python', 'python3', 'pip'],
      golang: ['go'],
      ruby: ['ruby', 'bundle', 'gem'],
    }[image] ?? []
  if (isAlpine) return { hasShell: true, libc: 'musl', users: undefined, python, programs, isSmall: image === 'alpine' }
  if (!isDebian) return { hasShell: undefined, libc: undefined, users: undefined, python, programs, isSmall: false }
  const users = [
    ...debianUsers,
    ...(image === 'node' ? ['node'] : []),
    ...(image === 'ubuntu' && !/^(1|20|22)/.test(tag) ? ['ubuntu'] : []),
  ]
  return { hasShell: true, libc: 'glibc', users, python, programs, isSmall: image === 'debian' || image === 'ubuntu' }
}

function distrolessFacts(base: string): BaseFacts {
  const isDebug = /:(.*-)?debug/.test(base)
  const programs = /\/python3/.test(base)
    ? ['python', 'python3']
    : /\/nodejs/.test(base)
      ? ['node']
      : /\/java/.test(base)
        ? ['java']
        : []
  const python = /python3-debian13/.test(base) ? '3.13' : /python3-debian12/.test(base) ? '3.11' : undefined
  return {
    hasShell: isDebug,
    libc: /\/static/.test(base) ? 'none' : 'glibc',
    users: ['root', 'nobody', 'nonroot'],
    python,
    programs,
    isSmall: true,
  }
}
