import { type KeyboardEvent, type ReactElement, useState } from 'react'
import { explorer } from '../state/explorer'
import { explorerKey } from '../state/explorer-keys'
import { zoomBack } from '../state/explorer-moves'
import { useStore } from '../state/store'
import { ExplorerAnnouncer } from './explorer-announcer'
import { ExplorerMenu, type MenuPlace } from './explorer-menu'
import { FileTable } from './file-table'
import { TreeItems, treeItemId } from './tree-items'
import { Treemap, type TreemapProps } from './treemap'

/** Map or table as one widget: one place in the tab order, and the same keys in both. */
export function ExplorerPanel({ tree, ...map }: TreemapProps): ReactElement {
  const { isTable, selection } = useStore(explorer, (state) => state)
  const [menu, setMenu] = useState<MenuPlace | undefined>(undefined)
  const openMenu = (event: React.MouseEvent): void => {
    event.preventDefault()
    const frame = event.currentTarget.getBoundingClientRect()
    setMenu({
      x: Math.min(event.clientX - frame.left, frame.width - 250),
      y: Math.min(event.clientY - frame.top, Math.max(0, frame.height - 220)),
    })
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault()
      setMenu({ x: 24, y: 40 })
    } else onExplorerKey(event)
  }
  return (
    <div className="explorer-frame">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is a tree, or a group with a table */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have names */}
      <div
        id="explorer-main"
        className="explorer-main"
        aria-label="Files of both images"
        role={isTable ? 'group' : 'tree'}
        aria-activedescendant={isTable || selection === undefined ? undefined : treeItemId(selection)}
        tabIndex={0}
        onKeyDown={onKey}
        onKeyUp={(event) => event.key === ' ' && explorer.change({ isBlinking: false })}
        onBlur={() => explorer.get().isBlinking && explorer.change({ isBlinking: false })}
        onContextMenu={openMenu}
      >
        {isTable ? (
          <FileTable tree={tree} />
        ) : (
          <>
            <Treemap tree={tree} {...map} />
            <TreeItems tree={tree} />
          </>
        )}
      </div>
      <ExplorerAnnouncer tree={tree} />
      {menu && <ExplorerMenu place={menu} onClose={() => setMenu(undefined)} />}
    </div>
  )
}

/** Letters act only while map or table has the focus (WCAG 2.1.4). */
function onExplorerKey(event: KeyboardEvent): void {
  if (event.target !== event.currentTarget) return
  if (event.altKey && event.key === 'ArrowLeft') zoomBack()
  else if (event.ctrlKey || event.metaKey || event.altKey || !explorerKey(event.key)) return
  event.preventDefault()
}
