import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import { librariesOf, systemPackages } from './packages'
import { dataCopies, lacksCertificates, noExtras, pathOf, placesOf, programPath, type SplitRule } from './plan'
import { flagOf, runs, type SingleStage } from './single-stage'
import { baseName, plainSlim } from './slim-base'

const compilers = ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++']

const libraryFolder = '/usr/local/lib64'

/** The official gcc image brings run-time libraries that are newer than those of any Debian. */
const newerLibraries = ['libstdc++.so.6', 'libgcc_s.so.1'].map((name) => ({
  path: `${libraryFolder}/${name}`,
  reason: 'The compiler’s own run-time library is newer than the one of the small base.',
}))

/** C and C++: the binary, and the shared libraries of the -dev packages it was linked against. */
export const cRule: SplitRule = (single) => {
  const compiles = compilers.flatMap((name) => runs(single, name)).filter(({ words }) => !words.includes('-c'))
  const systems = ['make', 'cmake', 'ninja', 'meson'].flatMap((name) => runs(single, name))
  if (compiles.length + systems.length === 0) return undefined
  const outputs = [...compiles.map(outputOf), ...guessedOutputs(single, systems)]
  const made = outputs.flatMap((path) => placesOf(single, path))
  const binary = programPath(single, made)
  if (binary === undefined)
    return {
      refusal: 'its command is none of the files that its compiler is told to write, so what to keep cannot be told.',
    }
  const { runtime, build } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  const compile = compiles.find((command) => placesOf(single, outputOf(command)).includes(binary))
  const isStatic = compile?.words.includes('-static') ?? false
  const isNewer = baseName(single.base).image === 'gcc' && !isStatic
  return {
    ...noExtras,
    language: 'C or C++',
    runtimeBase: plainSlim(single.base),
    baseReason:
      'The compiler stays in the build stage; the small base has a C library not older than the one it was linked with.',
    packages: isStatic ? runtime : [...runtime, ...libraries],
    copies: [
      { path: binary, reason: 'The binary is what the compiler made of the sources.' },
      ...(isNewer ? newerLibraries : []),
      ...dataCopies(single),
    ],
    env: [...pathOf(single, binary), ...(isNewer ? [`LD_LIBRARY_PATH=${libraryFolder}`] : [])],
    needsCertificates: lacksCertificates(baseName(single.base)),
    isStatic: isStatic && runtime.length === 0,
    doubts: isStatic ? [] : libraryDoubts,
  }
}

const outputOf = (command: ShellCommand): string => joinPath(command.workdir, flagOf(command, '-o') ?? 'a.out')

/** A build system says nowhere what it makes: the program that the image runs is taken for it where it lies in a place of the build. */
function guessedOutputs({ program, workdir }: SingleStage, systems: readonly ShellCommand[]): string[] {
  const first = program?.words[0]
  if (first === undefined || systems.length === 0) return []
  const installs = systems.some(({ words }) => words.includes('install') || words.includes('--install'))
  if (!first.includes('/')) return installs ? [`/usr/local/bin/${first}`] : []
  const path = joinPath(workdir, first)
  const isBuilt = systems.some((system) => path.startsWith(`${system.workdir === '/' ? '' : system.workdir}/`))
  return isBuilt || (installs && path.startsWith('/usr/local/')) ? [path] : []
}
