import { joinPath } from '../../dockerfile/stage-state'
import { systemPackages } from './packages'
import { noExtras, type SplitRule } from './plan'
import { runs, type SingleStage } from './single-stage'
import { baseName, plainSlim } from './slim-base'

const buildTools = ['mvn', 'mvnw', 'gradle', 'gradlew', 'javac', 'ant']

/** Java: the archive that the image runs, on a runtime without the compiler. */
export const javaRule: SplitRule = (single) => {
  if (!buildTools.some((name) => runs(single, name).length > 0)) return undefined
  const words = single.program?.words ?? []
  if (words[0] !== 'java') return { refusal: 'its command does not start java, so what to keep cannot be told.' }
  const target = jarOf(words) ?? classPathOf(words)
  if (target === undefined) return { refusal: 'its command names neither a jar nor a class path.' }
  const { reference, packages } = runtimeOf(single)
  return {
    ...noExtras,
    language: 'Java',
    runtimeBase: reference,
    baseReason: 'A runtime of the same version: compiler, build tool and its repository stay in the build stage.',
    packages: [...systemPackages(single).runtime, ...packages],
    copies: [{ path: joinPath(single.workdir, target), reason: 'What the build made, and what java is started with.' }],
    doubts: /[*?]/.test(target) ? ['The pattern must match one file only.'] : [],
  }
}

const jarOf = (words: readonly string[]): string | undefined => {
  const at = words.indexOf('-jar')
  return at < 0 ? undefined : words[at + 1]
}

/** One folder or jar; of several none is taken, because each would be needed. */
function classPathOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^(-cp|-classpath|--class-path)$/.test(word))
  const path = at < 0 ? undefined : words[at + 1]
  return path === undefined || path.includes(':') ? undefined : path
}

function runtimeOf(single: SingleStage): { reference: string; packages: string[] } {
  const { image, tag, version } = baseName(single.base)
  const major =
    /(?:temurin|openjdk|jdk|corretto)-?(\d+)/.exec(tag)?.[1] ?? (image === 'maven' || image === 'gradle' ? '' : version)
  const isJavaImage = ['eclipse-temurin', 'openjdk', 'amazoncorretto', 'maven', 'gradle'].includes(image)
  if (isJavaImage && major) return { reference: `eclipse-temurin:${major.replace(/[._].*/, '')}-jre`, packages: [] }
  const jdk = systemPackages(single).build.find((name) => name.includes('-jdk'))
  const runtime = jdk?.replace(/-jdk(-headless)?$/, '-jre-headless') ?? 'default-jre-headless'
  return { reference: plainSlim(single.base), packages: [runtime] }
}
