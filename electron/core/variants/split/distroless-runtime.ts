import { splitWords, unquote } from '../../dockerfile/words'
import type { SplitPlan } from './plan'
import type { SingleStage } from './single-stage'
import { baseName } from './slim-base'

// Distroless images of languages that need an interpreter (https://github.com/GoogleContainerTools/distroless).

/** How a program is started where only its interpreter is there. */
export interface DistrolessRuntime {
  readonly base: string
  /** The command as it is there: absolute, without what only a package manager understands. */
  readonly words: readonly string[]
  readonly env: readonly string[]
  /** Packages that the base stands in for. */
  readonly covers: RegExp
  readonly doubts: readonly string[]
}

const none = { env: [], covers: /^$/, doubts: [] } as const

/** Undefined for a language whose programs need no interpreter; a refusal where there is no such image. */
export function distrolessRuntime(
  single: SingleStage,
  plan: SplitPlan,
  words: readonly string[],
): DistrolessRuntime | { readonly refusal: string } | undefined {
  const isNative = plan.language === 'Python' || plan.language === 'Node.js'
  if (isNative && baseName(single.base).isAlpine)
    return { refusal: 'its packages are built for the C library of Alpine, and distroless has that of Debian.' }
  if (plan.language === 'Python') return python(single, plan, words)
  if (plan.language === 'Node.js') return node(single, words)
  if (plan.language === 'Java') return java(plan, words)
  return undefined
}

const pythonMinor = '3.13'
/** Console scripts whose package can be started as a module; a script itself names an interpreter that is not there. */
const modules: Readonly<Record<string, string>> = {
  gunicorn: 'gunicorn',
  uvicorn: 'uvicorn',
  flask: 'flask',
  celery: 'celery',
  hypercorn: 'hypercorn',
  'waitress-serve': 'waitress',
  pytest: 'pytest',
}

function python(single: SingleStage, plan: SplitPlan, words: readonly string[]): ReturnType<typeof distrolessRuntime> {
  const minor = /^3\.\d+/.exec(baseName(single.base).version)?.[0]
  if (minor !== pythonMinor)
    return {
      refusal: `distroless has Python ${pythonMinor} only, and packages are installed for ${minor ?? 'a version that the base does not name'}.`,
    }
  const [program = '', ...rest] = words
  const name = program.split('/').at(-1)!
  const module = modules[name]
  if (!/^python3?(\.\d+)?$/.test(name) && module === undefined)
    return { refusal: `its command ${name} is a script whose first line names a Python that distroless does not have.` }
  const path = `/usr/bin/python${pythonMinor}`
  return {
    ...none,
    base: 'gcr.io/distroless/python3-debian13:nonroot',
    words: module === undefined ? [path, ...rest] : [path, '-m', module, ...rest],
    env: plan.venv === undefined ? [] : [`PYTHONPATH=${plan.venv}/lib/python${pythonMinor}/site-packages`],
    doubts:
      plan.venv === undefined || plan.venv === '/opt/venv'
        ? []
        : ['A package that is installed in editable form is not found through PYTHONPATH.'],
  }
}

const nodeMajors = ['22', '24', '26']

function node(single: SingleStage, words: readonly string[]): ReturnType<typeof distrolessRuntime> {
  const major = /^\d+/.exec(baseName(single.base).version)?.[0]
  if (major === undefined || !nodeMajors.includes(major))
    return { refusal: `distroless has Node.js ${nodeMajors.join(', ')}, and the base is ${single.base}.` }
  const started = /^(npm|yarn|pnpm)$/.test(words[0] ?? '') ? scriptOf(single, words.slice(1)) : words
  if (started === undefined || started[0]?.split('/').at(-1) !== 'node')
    return {
      refusal: `its command (${words.join(' ')}) does not start node itself, and nothing else is there to do it.`,
    }
  return {
    ...none,
    base: `gcr.io/distroless/nodejs${major}-debian13:nonroot`,
    words: ['/nodejs/bin/node', ...started.slice(1)],
  }
}

/** What `npm start` or `npm run NAME` runs, where that is one plain command. */
function scriptOf({ files }: SingleStage, words: readonly string[]): readonly string[] | undefined {
  const name = words[0] === 'run' ? words[1] : words[0]
  const manifest = parsed(files.text('package.json') ?? '')
  const text = typeof name === 'string' ? manifest.scripts?.[name] : undefined
  if (typeof text !== 'string' || /[;&|<>$`]/.test(text)) return undefined
  return splitWords(text).map(unquote)
}

function parsed(text: string): { readonly scripts?: Readonly<Record<string, unknown>> } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function java(plan: SplitPlan, words: readonly string[]): ReturnType<typeof distrolessRuntime> {
  const packaged = plan.packages.map((name) => /^openjdk-(\d+)-jre/.exec(name)?.[1]).find((each) => each !== undefined)
  const major = packaged ?? /temurin:(\d+)/.exec(plan.runtimeBase)?.[1]
  if (major === undefined || !['17', '21', '25'].includes(major))
    return {
      refusal: `distroless has Java 17, 21 and 25, and this is ${major ?? 'a version that its base does not name'}.`,
    }
  return {
    ...none,
    base: `gcr.io/distroless/java${major}-debian13:nonroot`,
    words: ['/usr/bin/java', ...words.slice(1)],
    covers: /^(openjdk-\d+|default)-jre(-headless)?$/,
  }
}
