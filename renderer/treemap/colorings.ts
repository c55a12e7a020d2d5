import type { UnionTree } from '../../electron/core/compare/union-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { changeColors, kindColors, layerColor, layerColors, type PaintedSide } from './colors'

export interface LegendItem {
  readonly label: string
  readonly color: string
}

/** What the colors of the map stand for. */
export interface Coloring {
  readonly id: string
  /** As it is chosen. */
  readonly label: string
  /** The fill of a node on one side. */
  readonly fill: (tree: UnionTree, node: number, side: PaintedSide) => string
  /** What the fills mean, for images of at most this many layers. */
  readonly legend: (layerCount: number) => readonly LegendItem[]
  /** The fill of a layer's files, where every layer has one. */
  readonly layerFill: ((layer: number) => string) | undefined
  /** Labels of cells carry a mark of the change: never color alone. */
  readonly hasChangeMarks: boolean
}

const byKind: Coloring = {
  id: 'kind',
  label: 'kind',
  fill: (tree, node) => kindColors[pathKinds[tree.kind[node]!]!],
  legend: () => pathKinds.map((kind) => ({ label: pathKindLabel[kind], color: kindColors[kind] })),
  layerFill: undefined,
  hasChangeMarks: false,
}

const byLayer: Coloring = {
  id: 'layer',
  label: 'layer',
  fill: (tree, node, side) => {
    const isAfter = side === 'after' || (side === 'delta' && tree.beforeLayer[node]! < 0)
    return layerColor(Math.max(0, (isAfter ? tree.afterLayer : tree.beforeLayer)[node]!))
  },
  legend: (layerCount) =>
    Array.from({ length: Math.min(layerCount, layerColors.length) }, (_, layer) => ({
      label: `layer ${layer + 1}`,
      color: layerColor(layer),
    })),
  layerFill: layerColor,
  hasChangeMarks: false,
}

const byChange: Coloring = {
  id: 'change',
  label: 'change',
  fill: (tree, node) => changeColors.find((each) => each.change === tree.change[node])!.color,
  legend: () => changeColors,
  layerFill: undefined,
  hasChangeMarks: true,
}

/** All colorings, in the order of the choice; the first is what the map begins with. */
export const colorings: readonly [Coloring, ...Coloring[]] = [byKind, byLayer, byChange]

/** The coloring after this one, and round. */
export const nextColoring = (coloring: Coloring): Coloring =>
  colorings[(colorings.indexOf(coloring) + 1) % colorings.length]!

/** The coloring of this id. */
export const coloringOf = (id: string): Coloring => colorings.find((each) => each.id === id) ?? colorings[0]
