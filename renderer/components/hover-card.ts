import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { displayName } from '../../electron/core/utf8'
import type { Cell } from '../layout/cells'
import { pathOfNode } from '../state/explorer'

/** Instruction of a layer. */
export type CreatedBy = (side: 'before' | 'after', layer: number) => string

/** Fills and places the card; written past React's state, because it follows the pointer. */
export function showHoverCard(
  card: HTMLElement,
  tree: UnionTree,
  cell: Cell | undefined,
  pointer: { readonly clientX: number; readonly clientY: number },
  createdBy: CreatedBy,
): void {
  card.hidden = cell === undefined
  if (!cell) return
  if (card.dataset.node !== `${cell.kind} ${cell.node}`) {
    card.dataset.node = `${cell.kind} ${cell.node}`
    card.replaceChildren(
      ...linesOf(tree, cell, createdBy).map((text) => {
        const line = document.createElement('div')
        line.textContent = text
        return line
      }),
    )
  }
  const frame = card.parentElement!.getBoundingClientRect()
  const x = pointer.clientX - frame.left + 14
  const y = pointer.clientY - frame.top + 16
  card.style.left = `${Math.max(0, Math.min(x, frame.width - card.offsetWidth - 4))}px`
  card.style.top = `${y + card.offsetHeight > frame.height ? Math.max(0, y - card.offsetHeight - 28) : y}px`
}

function linesOf(tree: UnionTree, cell: Cell, createdBy: CreatedBy): string[] {
  const { node } = cell
  const name = displayName(pathOfNode(tree, node))
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
