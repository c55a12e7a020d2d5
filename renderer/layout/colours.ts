import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { pathKinds } from '../../electron/core/surface/path-kinds'
import type { Colouring } from '../state/explorer'

export type PaintedSide = 'before' | 'after' | 'delta'

/** One palette for both themes: cells lie on dark gaps and carry black text. */
export const gapColour = '#1f2733'

export const kindColours: Readonly<Record<(typeof pathKinds)[number], string>> = {
  runtime: '#357ee4',
  toolchain: '#a0724c',
  packageCache: '#fed3df',
  docs: '#8cf29c',
  languagePackages: '#c3affc',
  application: '#aeb000',
  other: '#8b929c',
}

export const changeColours = [
  { change: change.kept, label: 'same', colour: '#7c838e' },
  { change: change.removed, label: '▼ removed', colour: '#3f97ea' },
  { change: change.changed, label: '◆ changed', colour: '#ffd9a8' },
  { change: change.added, label: '▲ added', colour: '#f08a1d' },
] as const

export const layerColours = [
  '#8b929c',
  '#357ee4',
  '#f08a1d',
  '#aeb000',
  '#c3affc',
  '#8cf29c',
  '#fed3df',
  '#a0724c',
  '#a5cff7',
]

/** The fill of a node under a colouring, on one side. */
export function fillOf(tree: UnionTree, node: number, colouring: Colouring, side: PaintedSide): string {
  if (colouring === 'kind') return kindColours[pathKinds[tree.kind[node]!]!]
  if (colouring === 'change') return changeColours.find((each) => each.change === tree.change[node])!.colour
  const isAfter = side === 'after' || (side === 'delta' && tree.beforeLayer[node]! < 0)
  const layer = (isAfter ? tree.afterLayer : tree.beforeLayer)[node]!
  return layer < 0 ? layerColours[0]! : layerColours[layer % layerColours.length]!
}
