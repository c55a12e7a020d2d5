import { compareImages } from '../../electron/core/compare/comparison'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { type ImageIndex, makeImageIndex } from '../../electron/core/image/image-index'
import { layer, type Member } from './tar'

type Layers = readonly (readonly Member[])[]

/** An image of these layers, lowest first; their diffIDs are the name and a number. */
export const indexOf = async (name: string, layers: Layers): Promise<ImageIndex> =>
  makeImageIndex({
    imageId: name,
    source: 'export-stream',
    configJson: JSON.stringify({ rootfs: { diff_ids: layers.map((_, at) => `${name}${at}`) } }),
    tables: await Promise.all(layers.map((members) => layer(members))),
  })

/** The union tree of two images. */
export async function treeOf(before: Layers, after: Layers = []): Promise<UnionTree> {
  return compareImages(await indexOf('before', before), await indexOf('after', after)).tree
}
