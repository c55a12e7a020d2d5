import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { displayName } from '../../electron/core/utf8'
import type { Cell } from '../treemap/cells'

interface Pointer {
  readonly clientX: number
  readonly clientY: number
}

export interface HoverPlace {
  readonly pointer: Pointer
  /** Where the map is, in which the card is placed. */
  readonly frame: DOMRect
  readonly createdBy: CreatedBy
  readonly pathOf: (node: number) => string
}

/** Instruction of a layer. */
export type CreatedBy = (side: 'before' | 'after', layer: number) => string

/** Fills and places the card; written past React's state, because it follows the pointer. */
export function showHoverCard(
  card: HTMLElement,
  tree: UnionTree,
  cell: Cell | undefined,
  { pointer, frame, ...names }: HoverPlace,
): void {
  card.hidden = cell === undefined
  if (!cell) return
  if (card.dataset.node !== `${cell.kind} ${cell.node}`) {
    card.dataset.node = `${cell.kind} ${cell.node}`
    card.replaceChildren(
      ...linesOf(tree, cell, names).map((text) => {
        const line = document.createElement('div')
        line.textContent = text
        return line
      }),
    )
  }
  place(card, pointer, frame)
}

/** On the side of the pointer where there is more room; the card is not measured, which would lay the page out anew with every move. */
function place({ style }: HTMLElement, { clientX, clientY }: Pointer, frame: DOMRect): void {
  const [x, y] = [clientX - frame.left, clientY - frame.top]
  const isRight = x > frame.width / 2
  const isBelow = y > frame.height / 2
  style.left = isRight ? 'auto' : `${x + 14}px`
  style.right = isRight ? `${frame.width - x + 14}px` : 'auto'
  style.top = isBelow ? 'auto' : `${y + 16}px`
  style.bottom = isBelow ? `${frame.height - y + 12}px` : 'auto'
}

function linesOf(
  tree: UnionTree,
  cell: Cell,
  { createdBy, pathOf }: Pick<HoverPlace, 'createdBy' | 'pathOf'>,
): string[] {
  const { node } = cell
  const name = displayName(pathOf(node))
  const lines = [
    cell.kind === 'group' ? `${name}/ … ${formatQuantity(cell.grouped.length, 'small entry', 'small entries')}` : name,
    `before ${sideText(cell.beforeBytes, tree.beforeEntries[node]!)} · after ${sideText(cell.afterBytes, tree.afterEntries[node]!)}`,
    pathKindLabel[pathKinds[tree.kind[node]!]!],
  ]
  if (cell.kind === 'file')
    for (const side of ['before', 'after'] as const) {
      const layer = (side === 'before' ? tree.beforeLayer : tree.afterLayer)[node]!
      if (layer >= 0) lines.push(`${side}: layer ${layer + 1} ${createdBy(side, layer)}`)
    }
  if (cell.kind === 'group') lines.push('Double-click shows them alone.')
  return lines
}

const sideText = (bytes: number, entries: number): string => (entries === 0 ? 'absent' : formatBytes(bytes))
