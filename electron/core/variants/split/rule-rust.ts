import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import { librariesOf, systemPackages } from './packages'
import { dataCopies, lacksCertificates, noExtras, pathOf, placesOf, programPath, type SplitRule } from './plan'
import { flagOf, runs, type SingleStage } from './single-stage'
import { baseName, plainSlim } from './slim-base'

/** Rust: the binary under target/, or what `cargo install` puts into cargo's own folder. */
export const rustRule: SplitRule = (single) => {
  const builds = [...runs(single, 'cargo', 'build'), ...runs(single, 'cargo', 'install')]
  if (builds.length === 0) return undefined
  const made = builds.flatMap((command) => outputsOf(command, single)).flatMap((path) => placesOf(single, path))
  const binary = programPath(single, made)
  if (binary === undefined) return { refusal: `its command does not run what cargo makes (${made.join(', ')}).` }
  const { runtime, build } = systemPackages(single)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  const isStatic = builds.some(({ words }) => words.some((word) => word.includes('-linux-musl')))
  return {
    ...noExtras,
    language: 'Rust',
    runtimeBase: plainSlim(single.base),
    baseReason:
      'Compiler and crates stay in the build stage; the binary needs a C library not older than the one it was linked with.',
    packages: [...runtime, ...libraries],
    copies: [{ path: binary, reason: 'The binary has all crates in it.' }, ...dataCopies(single)],
    env: pathOf(single, binary),
    needsCertificates: lacksCertificates(baseName(single.base)),
    isStatic,
    doubts: libraryDoubts,
  }
}

function outputsOf(command: ShellCommand, { files, program }: SingleStage): string[] {
  const manifest = files.text('Cargo.toml') ?? ''
  const named = [...manifest.matchAll(/^\s*name\s*=\s*"([^"]+)"/gm)].map((match) => match[1]!)
  const wanted = program?.words[0]?.split('/').at(-1)
  const names = [
    ...new Set([...named, ...[flagOf(command, '--bin')].flatMap((name) => name ?? []), ...(wanted ? [wanted] : [])]),
  ]
  if (command.words[1] === 'install') {
    const root = flagOf(command, '--root') ?? command.step.env.CARGO_HOME ?? '/usr/local/cargo'
    return names.map((name) => joinPath(command.workdir, `${root}/bin/${name}`))
  }
  const target = flagOf(command, '--target')
  const folder = command.step.env.CARGO_TARGET_DIR ?? flagOf(command, '--target-dir') ?? 'target'
  const profile = command.words.includes('--release') || command.words.includes('-r') ? 'release' : 'debug'
  return names.map((name) => joinPath(command.workdir, [folder, ...(target ? [target] : []), profile, name].join('/')))
}
