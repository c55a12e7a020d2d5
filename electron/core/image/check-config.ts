import type { ImageConfig } from './image-config'

/** Whether JSON that was kept in a file is an image config, with all its fields. */
export function isImageConfig(found: unknown): found is ImageConfig {
  const { architecture, os, diffIds, history, labels, run } = fieldsOf(found)
  const { entrypoint, command, env, workdir, user, exposedPorts, healthcheck } = fieldsOf(run)
  return (
    [architecture, os, workdir, user].every((each) => typeof each === 'string') &&
    [diffIds, entrypoint, command, exposedPorts, healthcheck].every(isTexts) &&
    [labels, env].every((each) => typeof each === 'object' && each !== null && isTexts(Object.values(each))) &&
    Array.isArray(history) &&
    history.every((entry) => typeof fieldsOf(entry).createdBy === 'string')
  )
}

/** Whether a value is an array of strings. */
export const isTexts = (found: unknown): found is string[] =>
  Array.isArray(found) && found.every((each) => typeof each === 'string')

/** Whether a value is a number that can be a count or a size. */
export const isAmount = (found: unknown): found is number => Number.isFinite(found) && (found as number) >= 0

/** The fields of an object; none of anything else. */
export const fieldsOf = (found: unknown): Readonly<Record<string, unknown>> =>
  typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {}
