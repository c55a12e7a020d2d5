// Layers as a large project has them: deep and shallow folders, names that repeat, some files replaced and some folders deleted above.
import { rawTar } from '../test/support/raw-tar'
import type { Member } from '../test/support/tar'

export interface Generated {
  /** In all layers together. */
  readonly entries: number
  readonly layers: number
  /** Layers of two seeds share nine files of ten. */
  readonly seed: number
}

/** The layers' tars, lowest first, one at a time. */
export function* generatedLayers({ entries, layers, seed }: Generated): Iterable<Buffer> {
  const perLayer = Math.floor(entries / layers)
  for (let layer = 0; layer < layers; layer++) {
    const members: Member[] = []
    for (let at = 0; at < perLayer; at++) {
      const own = at % 10 === 0 ? `-${seed}` : ''
      const folder = `usr/lib/module${layer}/package${Math.floor(at / 50)}/${['src', 'test', 'dist/esm'][at % 3]}`
      if (at % 97 === 0 && layer > 0)
        members.push([`usr/lib/module${layer - 1}/package${Math.floor(at / 50)}/src/.wh.file0${own}.js`, ''])
      else members.push([`${folder}/file${at % 50}${own}.js`, 'x'.repeat((at * 31 + layer) % 200)])
    }
    yield rawTar(members)
  }
}
