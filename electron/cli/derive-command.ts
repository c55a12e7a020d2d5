import { join } from 'node:path'
import { EngineError } from '../core/failure'
import { formatBytes } from '../core/format'
import type { DerivationTarget } from '../core/variants/derive/candidates'
import { deriveStepText } from '../core/variants/derive/step-text'
import { stackStages } from '../core/variants/stack/stack'
import type { DerivationReason, FoundDockerfile, VariantDraft } from '../core/variants/variant'
import { deriveVariant } from '../engine/derive/derive-variant'
import { ImageLease } from '../engine/life/image-lease'
import { sweepInBackground } from '../engine/life/sweep'
import { openProject, type Project } from '../engine/project/open-project'
import { indexCacheFolder, settingsFile } from '../engine/setup/data-directory'
import { ensureEngine } from '../engine/setup/private-engine'
import { makeStandIn } from '../engine/setup/stand-ins'
import { DiskIndexCache } from '../engine/store/index-cache'
import { readSettings } from '../engine/store/settings'
import { asJson, type Command, type CommandCall, fromHere, orList, UsageError } from './command'
import { TerminalProgress } from './terminal-progress'

const targets = ['traditional', 'multi-stage', 'distroless', 'minimal'] as const
type Target = (typeof targets)[number]

/** A Dockerfile that was derived, and why it is as it is. */
interface DerivedFile {
  readonly file: string
  readonly base: string | undefined
  readonly text: string
  readonly reasons: readonly DerivationReason[]
  /** What a check of its image found; undefined where nothing was built. */
  readonly problems: readonly string[] | undefined
  readonly beforeBytes: number | undefined
  readonly afterBytes: number | undefined
}

/** `derive <folder> --to traditional | multi-stage | distroless | minimal`: the Dockerfile that is missing, from the one that is there. */
export const run: Command = async (call) => {
  const [folder] = call.arguments
  const target = targets.find((name) => name === (call.flags.to === 'flatten' ? 'traditional' : call.flags.to))
  if (target === undefined) throw new UsageError(`--to must be ${orList(targets)}`)
  const project = await openProject(fromHere(folder!))
  const found = sourceOf(project, target)
  const derived = target === 'traditional' ? stack(found) : await deriveFromImage(call, project, found, target)
  if (call.flags.json)
    return { output: asJson({ schemaVersion: 1, target, ...derived }), exitCode: exitCodeOf(derived) }
  call.print(`From ${found.path}:`)
  for (const line of derived.reasons.flatMap(reasonLines)) call.print(`  ${line}`)
  for (const problem of derived.problems ?? []) call.print(`Not ready: ${problem}`)
  if (derived.beforeBytes !== undefined && derived.afterBytes !== undefined)
    call.print(`${formatBytes(derived.beforeBytes)} before, ${formatBytes(derived.afterBytes)} after.`)
  const comments = call.flags.explain ? derived.reasons.flatMap(reasonLines).map((line) => `# ${line}\n`) : []
  const output = withDirectivesFirst(derived.text, comments.join(''))
  return { output, isVerbatim: true, exitCode: exitCodeOf(derived) }
}

const exitCodeOf = ({ problems = [] }: DerivedFile): number => (problems.length > 0 ? 1 : 0)

/** The file to start from: one with several stages for a traditional image, one with a single stage for a second one. */
function sourceOf({ dockerfiles }: Project, target: Target): FoundDockerfile {
  const isStaged = ({ staged }: FoundDockerfile): boolean => staged.stages.length > 1
  const single = dockerfiles.find((file) => !isStaged(file))
  const staged = dockerfiles.find(isStaged)
  const found = target === 'traditional' ? staged : target === 'multi-stage' ? single : (single ?? staged)
  if (found) return found
  const problem = target === 'traditional' ? 'none has several stages.' : 'each has several stages already.'
  throw new EngineError({ code: 'not-derivable', file: dockerfiles[0]!.path, target, problem })
}

function stack({ path, staged, target }: FoundDockerfile): DerivedFile {
  const result = stackStages(staged, target ?? staged.stages.length - 1)
  if (!result.ok)
    throw new EngineError({ code: 'not-derivable', file: path, target: 'traditional', problem: result.problem })
  return {
    file: path,
    base: undefined,
    text: result.staged.dockerfile.text,
    reasons: result.reasons,
    problems: undefined,
    beforeBytes: undefined,
    afterBytes: undefined,
  }
}

async function deriveFromImage(
  call: CommandCall,
  { folder, offers }: Project,
  { path }: FoundDockerfile,
  target: DerivationTarget,
): Promise<DerivedFile> {
  const { signal, print } = call
  const before: VariantDraft = offers.variants.find(({ id }) => id === path)!
  const { client } = await ensureEngine({ onMessage: print })
  sweepInBackground(client)
  const { readsEngineFiles } = await readSettings(settingsFile())
  const deps = { client, cache: new DiskIndexCache(indexCacheFolder()), readsEngineFiles }
  const lease = new ImageLease(client)
  const result = await deriveVariant(
    deps,
    { before, target },
    {
      folder,
      noCache: call.flags['no-cache'],
      signal,
      onMessage: print,
      onProgress: new TerminalProgress(print).update,
      makeStandIn: (reference) =>
        makeStandIn(client, reference, { signal, onMessage: print, recipes: join(call.resources, 'stand-ins') }),
      onStep: (progress) => print(deriveStepText(progress)),
      lease,
    },
  ).finally(() => lease.release())
  if (!result.ok) throw new EngineError({ code: 'not-derivable', file: path, target, problem: result.problem })
  const { dockerfile, problems, beforeBytes, afterBytes } = result
  return {
    file: path,
    base: dockerfile.base,
    text: dockerfile.text,
    reasons: dockerfile.reasons,
    problems,
    beforeBytes,
    afterBytes,
  }
}

const reasonLines = ({ line, after, reason }: DerivationReason): string[] => {
  const place =
    line === undefined ? (after === undefined ? '' : `${after.split('\n')[0]!.slice(0, 80)}: `) : `line ${line}: `
  return reason.split('\n').map((each, at) => `${at === 0 ? place : '  '}${each}`)
}

/** Directives count in the first lines only (https://docs.docker.com/reference/dockerfile/#parser-directives). */
function withDirectivesFirst(text: string, comments: string): string {
  const directives = /^(#\s*\w+\s*=.*\n)+/.exec(text)?.[0] ?? ''
  return `${directives}${comments}${text.slice(directives.length)}`
}
