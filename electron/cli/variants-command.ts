import { openProject } from '../engine/project/open-project'
import { asJson, type Command, fromHere } from './command'

/** `variants <folder>`: what can be compared, what is compared by default, and what cannot be derived. */
export const run: Command = async (call) => {
  const [folder] = call.arguments
  const { offers, pairing } = await openProject(fromHere(folder!))
  const chosen = pairing.kind === 'pair' ? { before: pairing.before.id, after: pairing.after.id } : undefined
  const variants = offers.variants.filter(({ id }) => !id.startsWith('copy:')).map(({ id, title }) => ({ id, title }))
  if (call.flags.json)
    return { output: asJson({ schemaVersion: 1, variants, chosen, refused: offers.refused }), exitCode: 0 }
  const mark = (id: string): string => (id === chosen?.before ? 'before' : id === chosen?.after ? 'after' : '')
  const width = Math.max(...variants.map(({ id }) => id.length))
  const lines = [
    ...variants.map(({ id, title }) => `${mark(id).padEnd(8)}${id.padEnd(width + 2)}${title}`.trimEnd()),
    ...offers.refused.map(({ title, problem }) => `cannot: ${title}: ${problem}`),
  ]
  return { output: `${lines.join('\n')}\n`, exitCode: 0 }
}
