import type { RunConfig } from '../image/image-config'
import type { RootfsPaths } from '../image/rootfs-paths'
import { type Surface, surfaceLabels } from './surface'
import { toolCategory } from './tool-names'

/** Something that this project uses of the image before, and that the image after has not. */
export interface GivenUp {
  readonly what: 'exec' | 'healthcheck' | 'start'
  /** What is missing: `a shell`, `curl`. */
  readonly missing: string
  /** Where the project uses it. */
  readonly usedBy: string
  readonly instead: string
  /** To be copied; '' for none. */
  readonly command: string
}

export interface GiveUpSide {
  readonly run: RunConfig
  readonly surface: Surface
  readonly paths: RootfsPaths
  /** See startScripts. */
  readonly scripts: readonly string[]
}

/** An image of the engine with a shell: looks at the other container from the outside, its files are in /proc/1/root. */
export const debugCommand = (image: string): string =>
  `docker run --rm -it --pid=container:NAME --network=container:NAME --cap-add=SYS_PTRACE ${image} sh`

/** What one gives up with the smaller image, as far as this project uses it. `beforeImage`: a name of the image before. */
export function findGivenUp(before: GiveUpSide, after: GiveUpSide, beforeImage: string): GivenUp[] {
  const found: GivenUp[] = []
  if (before.surface.shells.length > 0 && after.surface.shells.length === 0)
    found.push({
      what: 'exec',
      missing: 'a shell',
      usedBy: 'docker exec -it NAME sh, and kubectl exec',
      instead: 'Look from a second container that shares processes and network; the files are in /proc/1/root.',
      command: debugCommand(beforeImage),
    })
  return [...found, ...lostHealthcheck(before, after), ...lostAtStart(before, after)]
}

function lostHealthcheck(before: GiveUpSide, after: GiveUpSide): GivenUp[] {
  const test = after.run.healthcheck.length > 0 ? after.run.healthcheck : before.run.healthcheck
  const [form, ...words] = test
  if (form !== 'CMD' && form !== 'CMD-SHELL') return []
  const programs = form === 'CMD' ? words.slice(0, 1) : ['/bin/sh', ...firstWords(words.join(' '))]
  return programs
    .filter((program) => has(before, program) && !has(after, program))
    .map((program) => ({
      what: 'healthcheck',
      missing: program === '/bin/sh' ? 'a shell' : program,
      usedBy: `HEALTHCHECK ${words.join(' ')}`,
      instead:
        'HEALTHCHECK CMD ["/your/program", "--healthcheck"]: let the program ask itself, or let the orchestrator ask over HTTP.',
      command: '',
    }))
}

/** Tools that the command or its script start, at run time. */
function lostAtStart(before: GiveUpSide, after: GiveUpSide): GivenUp[] {
  const command = [...before.run.entrypoint, ...before.run.command].join(' ')
  const sources = [{ text: command, name: `the command ${command}` }].concat(
    before.scripts.map((text) => ({ text, name: 'the script that the image starts with' })),
  )
  const seen = new Set<string>()
  return sources.flatMap(({ text, name }) =>
    firstWords(text).flatMap((program): GivenUp[] => {
      const category = toolCategory(program.slice(program.lastIndexOf('/') + 1))
      const isLost = category && category !== 'shells' && has(before, program) && !has(after, program)
      if (!isLost || seen.has(program) || doesWithout(after, program)) return []
      seen.add(program)
      return [
        {
          what: 'start',
          missing: program,
          usedBy: name,
          instead: `Do it while building; ${surfaceLabels[category].toLowerCase()} are what the smaller image leaves out.`,
          command: '',
        },
      ]
    }),
  )
}

/** The image after is started in a way of its own that does without. */
const doesWithout = ({ run, scripts }: GiveUpSide, program: string): boolean =>
  ![...run.entrypoint, ...run.command, ...scripts].some((text) => text.includes(program))

/** The programs of a shell text: the word at the start of every command. */
function firstWords(text: string): string[] {
  const words = text
    .split(/[;&|\n(){}`]+|\b(?:then|do|else|exec|sudo)\b/)
    .map((part) => part.trim().split(/\s+/)[0] ?? '')
    .filter((word) => /^[\w./+-]+$/.test(word))
  return [...new Set(words)]
}

function has({ paths, run }: GiveUpSide, program: string): boolean {
  if (program.includes('/')) return paths.resolve(program).node !== undefined
  const folders = (run.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin').split(':')
  return folders.some((folder) => paths.resolve(`${folder}/${program}`).node !== undefined)
}
