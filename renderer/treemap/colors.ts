import { change } from '../../electron/core/compare/union-tree'
import type { pathKinds } from '../../electron/core/surface/path-kinds'

export type PaintedSide = 'before' | 'after' | 'delta'

/** One palette for both themes: cells lie on dark gaps and carry black text. */
export const gapColor = '#1f2733'

export const kindColors: Readonly<Record<(typeof pathKinds)[number], string>> = {
  runtime: '#357ee4',
  toolchain: '#a0724c',
  packageCache: '#fed3df',
  docs: '#8cf29c',
  languagePackages: '#c3affc',
  application: '#aeb000',
  other: '#8b929c',
}

export const changeColors = [
  { change: change.kept, label: 'same', color: '#7c838e' },
  { change: change.removed, label: '▼ removed', color: '#3f97ea' },
  { change: change.changed, label: '◆ changed', color: '#ffd9a8' },
  { change: change.added, label: '▲ added', color: '#f08a1d' },
] as const

export const layerColors = [
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

/** The color of a layer, lowest 0; after the last color the first comes again. */
export const layerColor = (layer: number): string => layerColors[layer % layerColors.length]!
