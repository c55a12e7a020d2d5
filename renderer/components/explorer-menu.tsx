import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react'
import { formatQuantity } from '../../electron/core/format'
import { pathKinds } from '../../electron/core/surface/path-kinds'
import { layerQuery } from '../layout/layer-query'
import { hasChildren } from '../layout/tree-walk'
import { explorer, openSelected, pathOfNode, search, showTable } from '../state/explorer'
import { focusExplorer } from '../state/explorer-keys'
import { zoomOut, zoomTo, zoomToCell } from '../state/explorer-moves'

export interface MenuPlace {
  readonly x: number
  readonly y: number
}

interface MenuProps {
  readonly place: MenuPlace
  readonly onClose: () => void
}

interface Item {
  readonly label: string
  readonly run: () => void
}

/** What can be done with the selected entry. */
export function ExplorerMenu({ place, onClose }: MenuProps): ReactElement {
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    menu.current?.querySelector('button')?.focus()
  }, [])
  const close = (): void => {
    onClose()
    focusExplorer()
  }
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation()
    const buttons = [...(menu.current?.querySelectorAll('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (to !== undefined) buttons[(to + buttons.length) % buttons.length]?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={menu}
      role="menu"
      aria-label="Selected entry"
      className="panel explorer-menu"
      style={{ left: place.x, top: place.y }}
      onKeyDown={onKey}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onClose()}
    >
      {itemsFor().map(({ label, run }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          className="quiet"
          tabIndex={-1}
          onClick={() => {
            close()
            run()
          }}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

function itemsFor(): Item[] {
  const { tree, selection, selectedCell, zoom, rest, isTable } = explorer.get()
  if (!tree) return []
  const items: Item[] = []
  if (selection !== undefined) {
    const isFolder = hasChildren(tree, selection)
    const layers = (['before', 'after'] as const).flatMap((side) => {
      const layer = (side === 'before' ? tree.beforeLayer : tree.afterLayer)[selection]!
      return layer < 0
        ? []
        : [
            {
              label: `Find all of layer ${layer + 1} of ${side}`,
              query: layerQuery({ side, first: layer, last: layer }),
            },
          ]
    })
    const kind = pathKinds[tree.kind[selection]!]!
    items.push(
      isFolder
        ? { label: 'Zoom to this folder', run: () => zoomTo(selection) }
        : { label: 'Open the file', run: () => void openSelected() },
      {
        label: 'Copy path',
        run: () => void navigator.clipboard?.writeText(pathOfNode(tree, selection)).catch(() => undefined),
      },
      ...(isFolder ? [] : layers.map(({ label, query }) => ({ label, run: () => search(query) }))),
      { label: `Find all of kind ${kind}`, run: () => search(`kind:${kind}`) },
    )
  }
  if (selectedCell?.kind === 'group')
    items.push({
      label: `Show ${formatQuantity(selectedCell.grouped.length, 'small entry', 'small entries')}`,
      run: () => zoomToCell(selectedCell),
    })
  items.push({ label: isTable ? 'Show in the map' : 'Show in the table', run: () => showTable(!isTable) })
  if (zoom !== 0 || rest) items.push({ label: 'Zoom out', run: zoomOut })
  return items
}
