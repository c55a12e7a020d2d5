import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react'
import { formatQuantity } from '../../electron/core/format'
import { pathKinds } from '../../electron/core/surface/path-kinds'
import type { MenuPlace } from '../shared/explorer-state'
import type { Page } from '../shared/page'
import { pathIn, treeIn } from '../shared/selectors'
import { usePage } from '../shared/use-page'
import { layerQuery } from '../treemap/layer-query'
import { hasChildren } from '../treemap/tree-walk'
import { focusExplorer, search, showTable } from './explorer'
import { zoomOut, zoomTo, zoomToCell } from './explorer-moves'
import { openSelected } from './file-content'

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
  const page = usePage()
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    menu.current?.querySelector('button')?.focus()
  }, [])
  const close = (): void => {
    onClose()
    focusExplorer(page)
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
      {itemsFor(page).map(({ label, run }) => (
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

function itemsFor(page: Page): Item[] {
  const tree = treeIn(page.state.get())
  const { selection, selectedCell, zoom, rest, isTable } = page.explorer.get()
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
        ? { label: 'Zoom to this folder', run: () => zoomTo(page, selection) }
        : { label: 'Open the file', run: () => void openSelected(page) },
      {
        label: 'Copy path',
        run: () => void navigator.clipboard?.writeText(pathIn(page.state.get(), selection)).catch(() => undefined),
      },
      ...(isFolder ? [] : layers.map(({ label, query }) => ({ label, run: () => search(page, query) }))),
      { label: `Find all of kind ${kind}`, run: () => search(page, `kind:${kind}`) },
    )
  }
  if (selectedCell?.kind === 'group')
    items.push({
      label: `Show ${formatQuantity(selectedCell.grouped.length, 'small entry', 'small entries')}`,
      run: () => zoomToCell(page, selectedCell),
    })
  items.push({ label: isTable ? 'Show in the map' : 'Show in the table', run: () => showTable(page, !isTable) })
  if (zoom !== 0 || rest) items.push({ label: 'Zoom out', run: () => zoomOut(page) })
  return items
}
