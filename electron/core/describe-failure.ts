import type { ContextChange, EngineAttempt, Failure, PullRefusal } from './failure-kinds'
import { formatBytes } from './format'

/** What went wrong, in one sentence, and what to do next. */
export interface FailureText {
  readonly title: string
  readonly advice: string
}

const place = (file: string, line: number | undefined): string => (line === undefined ? file : `${file}:${line}`)

const pullAdvice: Record<PullRefusal, string> = {
  'registry-unreachable': 'Check the network or proxy of the engine, or load the image into the engine first.',
  'not-found': 'Check the spelling of the name and the tag.',
  denied: 'Log in to that registry with `docker login`, or check the spelling of the name.',
  'rate-limited': 'Wait, or log in to the registry for a higher limit.',
  other: 'The engine’s own message says why.',
}

/** The one place with prose about failures. */
export function describeFailure(failure: Failure): FailureText {
  switch (failure.code) {
    case 'cancelled':
      return { title: 'Cancelled.', advice: 'Nothing was kept.' }
    case 'internal':
      return {
        title: `Something went wrong inside Cutaway (incident ${failure.incident}).`,
        advice: 'The log holds the details; please report it.',
      }
    case 'bad-input':
      return { title: `That request cannot be carried out: ${failure.problem}.`, advice: 'Check the input.' }
    case 'host-lost':
      return {
        title: `Nothing was done: the Cutaway process does not answer (${failure.detail}).`,
        advice: 'Start it again and open its new address.',
      }
    case 'no-access':
      return {
        title: 'This page has no access to Cutaway.',
        advice: 'Open the URL that Cutaway printed when it started.',
      }
    case 'folder-missing':
      return {
        title: `The folder ${failure.path} does not exist.`,
        advice: 'It may have been moved or deleted; choose it again.',
      }
    case 'path-unreadable':
      return { title: `${failure.path} cannot be read: ${failure.detail}.`, advice: unreadableAdvice(failure.detail) }
    case 'path-unwritable':
      return { title: `${failure.path} cannot be written: ${failure.detail}.`, advice: 'Choose another place.' }
    case 'disk-full':
      return { title: `The disk is full (${failure.where}).`, advice: 'Free some space and try again.' }
    case 'image-missing':
    case 'scan-failed':
    case 'file-unreadable':
    case 'source-unavailable':
    case 'archive-invalid':
    case 'comparison-invalid':
      return describeImageFailure(failure)
    case 'builder-missing':
      return {
        title: `${failure.engine} cannot build for Cutaway: it has no BuildKit.`,
        advice: 'Start Docker, or point DOCKER_HOST at an engine with BuildKit.',
      }
    case 'engine-unreachable':
    case 'engine-lost':
    case 'engine-refused':
      return describeEngineFailure(failure)
    default:
      return describeProjectFailure(failure)
  }
}

function unreadableAdvice(detail: string): string {
  if (detail === 'permission denied') return 'Check its permissions.'
  return detail === 'it is not there' ? 'Check the path. The file may have been moved or deleted.' : 'Check the path.'
}

type ImageFailure = Extract<
  Failure,
  {
    code:
      | 'image-missing'
      | 'scan-failed'
      | 'file-unreadable'
      | 'source-unavailable'
      | 'archive-invalid'
      | 'comparison-invalid'
  }
>

function describeImageFailure(failure: ImageFailure): FailureText {
  switch (failure.code) {
    case 'image-missing':
      return { title: `The engine has no image ${failure.reference}.`, advice: 'Build it again.' }
    case 'scan-failed':
      return {
        title: `${failure.scanner} could not look up vulnerabilities: ${failure.detail}.`,
        advice: 'It fetches its database from the network first; run it once by itself to see what it needs.',
      }
    case 'file-unreadable':
      return {
        title: `The image’s ${failure.path} cannot be read: ${failure.problem}.`,
        advice: 'Check the path.',
      }
    case 'source-unavailable':
      return {
        title: `The image cannot be read by ${failure.source}: ${failure.detail}.`,
        advice: 'Leave the source to Cutaway, or take the export.',
      }
    case 'comparison-invalid':
      return {
        title: `The saved comparison ${failure.path} cannot be opened: ${failure.problem}.`,
        advice: 'Get it again from where it was saved, or build and compare again.',
      }
    case 'archive-invalid': {
      const where = failure.atByte === undefined ? '' : `, ${formatBytes(failure.atByte)} into it`
      return { title: `The image archive is damaged${where}: ${failure.problem}.`, advice: 'Save or build it again.' }
    }
  }
}

type EngineFailure = Extract<Failure, { code: 'engine-unreachable' | 'engine-lost' | 'engine-refused' }>

function describeEngineFailure(failure: EngineFailure): FailureText {
  if (failure.code === 'engine-lost')
    return {
      title: `The container engine at ${failure.endpoint} stopped answering${failure.reason ? `: ${failure.reason}` : ''}.`,
      advice: 'Start it again and retry; nothing of the project was changed.',
    }
  if (failure.code === 'engine-refused') {
    const { request, status, detail } = failure
    return {
      title:
        status < 400
          ? `The container engine’s answer to ${request} can’t be read (status ${status}): ${detail}`
          : `The container engine refused ${request} (status ${status}): ${detail}`,
      advice: 'The engine’s own message says why.',
    }
  }
  const { tried, chosenBy } = failure
  if (chosenBy !== undefined && tried[0])
    return {
      title: `${chosenName(tried[0], chosenBy)} cannot be used: ${tried[0].reason}.`,
      advice: reasonAdvice(tried[0].reason) ?? choiceAdvice[chosenBy],
    }
  return {
    title: `No container engine answers (${tried.map(({ address, reason }) => `${address}: ${reason}`).join('; ') || 'no socket was found'}).`,
    advice:
      'Start Docker or Podman, or point DOCKER_HOST at one. On Debian or Ubuntu as root, Cutaway sets up its own engine.',
  }
}

/** What helps against reasons that are common and not obvious. */
function reasonAdvice(reason: string): string | undefined {
  if (/host key verification failed/i.test(reason))
    return 'Connect to it once with `ssh` in a terminal, and compare its host key before you accept it.'
  if (/permission denied \(/i.test(reason))
    return 'Cutaway can’t ask for a password. Add your key to that machine or to ssh-agent, so that `ssh` connects without a prompt.'
  if (reason.startsWith('its certificate was rejected'))
    return 'Put the ca.pem of its authority into ~/.docker, or into the folder that DOCKER_CERT_PATH names.'
  if (reason === 'permission denied') return 'Ask for access to that socket, for example through the group docker.'
  return undefined
}

type EngineChooser = NonNullable<Extract<Failure, { code: 'engine-unreachable' }>['chosenBy']>

function chosenName({ address, context }: EngineAttempt, chosenBy: EngineChooser): string {
  if (context !== undefined) return `The docker context “${context}”${address === '' ? '' : ` (${address})`}`
  return chosenBy === 'DOCKER_HOST' ? `The engine in DOCKER_HOST (${address})` : `The engine ${address}`
}

const choiceAdvice: Record<EngineChooser, string> = {
  DOCKER_HOST: 'Start that engine or correct DOCKER_HOST. Unset it to use a local engine.',
  DOCKER_CONTEXT: 'Start that engine or correct DOCKER_CONTEXT. Unset it to use a local engine.',
  'docker context use': 'Start that engine, or switch with `docker context use default`.',
  app: 'Start that engine, or pick another one in the app.',
}

type ProjectFailure = Extract<
  Failure,
  {
    code:
      | 'outside-project'
      | 'file-unsuitable'
      | 'context-changed'
      | 'name-not-utf8'
      | 'no-dockerfile'
      | 'nothing-to-build'
      | 'no-pair'
      | 'variant-missing'
      | 'not-derivable'
      | 'dockerfile-invalid'
      | 'base-image-unavailable'
      | 'build-failed'
  }
>

function describeProjectFailure(failure: ProjectFailure): FailureText {
  switch (failure.code) {
    case 'outside-project':
      return {
        title: `${failure.path} leads out of the project folder.`,
        advice:
          'Only files inside the project folder are read. Copy them there, or open the folder that contains both.',
      }
    case 'file-unsuitable':
      return {
        title: `${failure.path} can’t be used: ${failure.problem}.`,
        advice: failure.problem.startsWith('it is larger') ? 'Shorten it.' : 'Replace it with a regular text file.',
      }
    case 'context-changed':
      return {
        title: `${failure.path} ${contextChanges[failure.change]} while it was sent to the container engine.`,
        advice: 'Stop the program that changes it, or exclude it in .dockerignore. Then build again.',
      }
    case 'name-not-utf8':
      return {
        title: `The file name ${failure.path} isn’t valid UTF-8 and can’t be sent to the container engine.`,
        advice: 'Rename the file, or exclude it in .dockerignore.',
      }
    case 'no-dockerfile':
      return {
        title: `There is no Dockerfile in ${failure.path}.`,
        advice: 'Choose a folder that holds a Dockerfile, or add one.',
      }
    case 'nothing-to-build':
      return {
        title: `Nothing in ${failure.path} can be built. ${failure.left}: ${failure.problem}`,
        advice: 'Correct that, or add a Dockerfile to the folder.',
      }
    case 'no-pair':
      return {
        title: `${failure.file} has no counterpart to compare with: ${failure.problem}`,
        advice: 'Write the other one in the editor, or add it to the folder, for example as Dockerfile.multistage.',
      }
    case 'variant-missing':
      return {
        title: `The project has no variant “${failure.id}”.`,
        advice: `It has: ${failure.known.join(', ')}.`,
      }
    case 'not-derivable':
      return {
        title: `No ${failure.target} Dockerfile can be made of ${failure.file}: ${failure.problem}`,
        advice: 'Choose another variant, or write it by hand.',
      }
    case 'dockerfile-invalid':
      return {
        title: `${place(failure.file, failure.line)} cannot be understood: ${failure.problem}`,
        advice: 'Correct that line and open the folder again.',
      }
    case 'base-image-unavailable':
      return {
        title: `${place(failure.file, failure.line)} needs the base image ${failure.image}, which ${pullProblem[failure.reason]}: ${failure.detail}`,
        advice: pullAdvice[failure.reason],
      }
    case 'build-failed': {
      const exit = failure.exitCode === undefined ? '' : ` with exit code ${failure.exitCode}`
      const what = failure.instruction === undefined ? 'the build failed' : `“${failure.instruction}” failed${exit}`
      const last = failure.logTail.at(-1)
      const detail = failure.exitCode === undefined ? failure.detail : (last ?? failure.detail)
      return {
        title: `${place(failure.file, failure.line)}: ${what}: ${detail}`,
        advice: failure.cause
          ? `${failure.cause.what} ${failure.cause.fix}`
          : 'The log of that step says why; the other variant stays usable.',
      }
    }
  }
}

const contextChanges: Record<ContextChange, string> = {
  vanished: 'was deleted',
  shrank: 'became shorter',
  grew: 'became longer',
  changed: 'was written to',
  replaced: 'was replaced',
}

const pullProblem: Record<PullRefusal, string> = {
  'registry-unreachable': 'the engine cannot fetch',
  'not-found': 'does not exist',
  denied: 'the registry does not give out',
  'rate-limited': 'the registry does not give out now (rate limit)',
  other: 'cannot be fetched',
}
