import type { KeyboardEvent, ReactElement } from 'react'
import { pressOf } from '../shared/key-press'
import { useFields } from '../shared/store'
import { usePage } from '../shared/use-page'
import { ExplorerAnnouncer } from './explorer-announcer'
import { runExplorerKey } from './explorer-commands'
import { ExplorerMenu } from './explorer-menu'
import { FileTable } from './file-table'
import { TreeItems, treeItemId } from './tree-items'
import { Treemap, type TreemapProps } from './treemap'

/** Map or table as one widget: one place in the tab order, and the same keys in both. */
export function ExplorerPanel({ tree, ...map }: TreemapProps): ReactElement {
  const page = usePage()
  const { explorer } = page
  const { isTable, selection, menu } = useFields(explorer, 'isTable', 'selection', 'menu')
  const openMenu = (event: React.MouseEvent): void => {
    event.preventDefault()
    const frame = event.currentTarget.getBoundingClientRect()
    const x = Math.min(event.clientX - frame.left, frame.width - 250)
    const y = Math.min(event.clientY - frame.top, Math.max(0, frame.height - 220))
    explorer.change({ menu: { x, y } })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target === event.currentTarget && runExplorerKey(page, pressOf(event))) event.preventDefault()
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
        onKeyDown={onKeyDown}
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
      <ExplorerAnnouncer />
      {menu && <ExplorerMenu place={menu} onClose={() => explorer.change({ menu: undefined })} />}
    </div>
  )
}
