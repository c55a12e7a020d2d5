import { join } from 'node:path'
import { textLadder } from '../core/report/ladder-text'
import { ImageLease } from '../engine/life/image-lease'
import { sweepInBackground } from '../engine/life/sweep'
import { buildLadder } from '../engine/measure/build-ladder'
import { buildArguments } from '../engine/project/build-arguments'
import { chooseSide } from '../engine/project/choose-pair'
import { openProject } from '../engine/project/open-project'
import { ensureEngine } from '../engine/setup/private-engine'
import { makeStandIn } from '../engine/setup/stand-ins'
import { RemoteImageStore } from '../engine/store/remote-store'
import { asJson, type Command, fromHere, namedValues, shareable } from './command'

/** `ladder <folder>`: builds all that `variants` lists, or those that --variant names, and puts their figures side by side. */
export const run: Command = async (call) => {
  const [folder] = call.arguments
  const { signal, print } = call
  const inputs = { args: namedValues(call, 'build-arg'), contexts: namedValues(call, 'build-context') }
  const project = await openProject(fromHere(folder!), inputs)
  const ids = call.flags.variant ?? project.offers.variants.map(({ id }) => id).filter((id) => !id.startsWith('copy:'))
  const variants = ids.map((id) => chooseSide(project, 'after', { id }))
  const { client, endpoint } = await ensureEngine({ onMessage: print })
  sweepInBackground(client)
  const lease = new ImageLease(client)
  const store = new RemoteImageStore(call.worker)
  const recipes = join(call.resources, 'stand-ins')
  try {
    const built = await buildLadder(client, variants, {
      folder: project.folder,
      noCache: call.flags['no-cache'],
      lease,
      signal,
      onMessage: print,
      makeStandIn: (reference) => makeStandIn(client, reference, { signal, onMessage: print, recipes }),
      summarize: (imageId) =>
        store.summarize({ kind: 'engine', endpoint, reference: imageId }, { signal, onProgress: () => undefined }),
    })
    const { rungs } = shareable(
      call,
      { rungs: built.map(({ rung }) => rung) },
      {
        given: buildArguments(project),
      },
    )
    const output = call.flags.json ? asJson({ schemaVersion: 1, rungs }) : textLadder(rungs)
    return { output, exitCode: rungs.some(({ outcome }) => !outcome.ok) ? 1 : 0 }
  } finally {
    await lease.release()
    await store.dispose()
  }
}
