import { createTwoFilesPatch } from 'diff'
import type { ImageIndex } from '../../core/image/image-index'
import { RootfsPaths } from '../../core/image/rootfs-paths'
import { compareRuns, type RunComparison, type RunRequest } from '../../core/run/run'
import type { EngineClient } from '../docker/client'
import { runImage } from './run-image'

const mostDiffLines = 400
const longestCompared = 200_000

/** One after the other, so that neither slows the other down. Throws what runImage throws. */
export async function runBoth(
  client: EngineClient,
  images: { readonly before: ImageIndex; readonly after: ImageIndex },
  request: RunRequest,
  signal: AbortSignal,
): Promise<RunComparison> {
  const probe = [images.before, images.after].find((image) => hasShell(image))
  const options = { ...request, probeImage: probe?.imageId, signal }
  const before = await runImage(client, images.before.imageId, options)
  const after = await runImage(client, images.after.imageId, options)
  const differences = compareRuns(before, after)
  const isDifferent = differences.some(({ kind }) => kind === 'output')
  return { request, before, after, differences, diff: isDifferent ? diffLines(before.stdout, after.stdout) : [] }
}

const hasShell = ({ rootfs }: ImageIndex): boolean => new RootfsPaths(rootfs).resolve('/bin/sh').node !== undefined

function diffLines(before: string, after: string): string[] {
  const cut = (text: string): string => text.slice(0, longestCompared)
  const patch = createTwoFilesPatch('before', 'after', cut(before), cut(after), '', '', { context: 3, timeout: 2000 })
  // Undefined when the texts are too different to be compared in time.
  return patch === undefined ? [] : patch.split('\n').slice(1, mostDiffLines)
}
