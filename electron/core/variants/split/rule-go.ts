import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import { librariesOf, systemPackages } from './packages'
import { dataCopies, lacksCertificates, noExtras, pathOf, placesOf, programPath, type SplitRule } from './plan'
import { flagOf, runs, type SingleStage } from './single-stage'
import { baseName, plainSlim } from './slim-base'

/** Go: only the binary runs; whether it is static is said by CGO_ENABLED and the linker's flags. */
export const goRule: SplitRule = (single) => {
  const builds = [...runs(single, 'go', 'build'), ...runs(single, 'go', 'install')]
  if (builds.length === 0) {
    const isGo = baseName(single.base).image === 'golang' && single.files.names.includes('go.mod')
    if (!isGo) return undefined
    return {
      refusal: 'it is a Go project, but no RUN builds a binary: `go run` compiles whenever the container starts.',
    }
  }
  const made = builds.map((command) => placesOf(single, outputOf(command, single)))
  const binary = programPath(single, made.flat())
  if (binary === undefined)
    return { refusal: `its command does not run what go build makes (${made.flat().join(', ')}).` }
  const build = builds[made.findIndex((places) => places.includes(binary))]!
  const isStatic = isStaticBuild(build)
  const { runtime, build: tools } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(tools, baseName(single.base).isAlpine)
  return {
    ...noExtras,
    language: 'Go',
    runtimeBase: plainSlim(single.base),
    baseReason:
      'The compiler stays in the build stage; the binary needs a small base only, not older than the one it was linked on.',
    packages: isStatic ? runtime : [...runtime, ...libraries],
    copies: [{ path: binary, reason: 'The binary is all that the program consists of.' }, ...dataCopies(single)],
    env: pathOf(single, binary),
    needsCertificates: lacksCertificates(baseName(single.base)),
    isStatic,
    doubts: isStatic ? [] : libraryDoubts,
  }
}

function isStaticBuild(build: ShellCommand): boolean {
  const cgo = build.env.CGO_ENABLED ?? build.step.env.CGO_ENABLED
  return cgo === '0' || build.words.some((word) => /-static\b/.test(word))
}

function outputOf(command: ShellCommand, { files }: SingleStage): string {
  const given = flagOf(command, '-o')
  const target = command.words.slice(2).findLast((word) => !word.startsWith('-') && word !== given)
  const module = /^module\s+(\S+)/m.exec(files.text('go.mod') ?? '')?.[1]
  // A package named by its folder gives a binary of that name; the top of a module is named after the module.
  const folder = target
    ?.replace(/@.*$/, '')
    .replace(/\/+(\.\.\.)?$/, '')
    .split('/')
    .at(-1)
  const name = folder === undefined || folder === '.' || folder.endsWith('.go') ? nameOf(target, module) : folder
  if (command.words[1] === 'install') return joinPath(command.step.env.GOBIN ?? '/go/bin', name)
  if (given === undefined) return joinPath(command.workdir, name)
  const path = joinPath(command.workdir, given)
  return given.endsWith('/') ? `${path}/${name}` : path
}

/** `go build main.go` gives `main`. */
function nameOf(target: string | undefined, module: string | undefined): string {
  if (target?.endsWith('.go')) return target.split('/').at(-1)!.replace(/\.go$/, '')
  return (
    module
      ?.replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? 'main'
  )
}
