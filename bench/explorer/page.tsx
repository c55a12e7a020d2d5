// What the driver (explorer.mjs) measures, on the real components with a made tree. Each function gives milliseconds.
import { hierarchy, treemap } from 'd3-hierarchy'
import { createRoot, type Root } from 'react-dom/client'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { CutawayApi } from '../../electron/ipc/contract'
import type { ComparisonView } from '../../electron/ipc/views'
import { resetExplorer, search, showTable } from '../../renderer/compare/explorer'
import { zoomTo } from '../../renderer/compare/explorer-moves'
import { ExplorerPanel } from '../../renderer/compare/explorer-panel'
import { browser } from '../../renderer/shared/browser'
import { createPage } from '../../renderer/shared/page'
import { PageProvider } from '../../renderer/shared/use-page'
import { makeTree } from './tree'
import '../../renderer/shared/base.css'
import '../../renderer/compare/explorer.css'
import '../../renderer/compare/map.css'
import '../../renderer/shared/table.css'

const silent: CutawayApi = {
  request: () => new Promise<never>(() => undefined),
  onEvent: () => () => undefined,
  pathOf: () => '',
}
const page = createPage(silent, browser)
/** As much of a comparison as map and table need. */
const view = {
  comparisonId: 'comparison-1',
  facts: { before: { layers: [] }, after: { layers: [] } },
} as unknown as ComparisonView

const source = { kind: 'images', before: 'before', after: 'after' } as const
let tree: UnionTree
let root: Root | undefined
const host = document.getElementById('root')!
const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
const settle = async (frames: number): Promise<void> => {
  for (let at = 0; at < frames; at++) await frame()
}

/** Time between frames while something goes on. */
async function frames(count: number, act?: (at: number) => void): Promise<number[]> {
  const deltas: number[] = []
  let last = await frame()
  for (let at = 0; at < count; at++) {
    act?.(at)
    const now = await frame()
    deltas.push(now - last)
    last = now
  }
  return deltas
}

const bench = {
  prepare(files: number): number {
    tree = makeTree(files)
    return tree.parent.length
  },
  /** Up to the second frame after the first paint was asked for. */
  async mount(): Promise<number> {
    root?.unmount()
    host.replaceChildren()
    await settle(5)
    const startMs = performance.now()
    resetExplorer(page, false)
    page.jobs.comparison.adopt(source, { view, tree, buildId: undefined })
    root = createRoot(host)
    root.render(
      <PageProvider value={page}>
        <ExplorerPanel tree={tree} titles={{ before: 'Before', after: 'After' }} createdBy={() => ''} />
      </PageProvider>,
    )
    await frame()
    await frame()
    return performance.now() - startMs
  },
  /** The same tree and both panes by d3-hierarchy: every node is laid out and drawn. */
  async mountD3(): Promise<number> {
    root?.unmount()
    root = undefined
    host.replaceChildren()
    await settle(5)
    const startMs = performance.now()
    for (const side of [tree.beforeBytes, tree.afterBytes]) drawWithD3(side)
    await frame()
    await frame()
    return performance.now() - startMs
  },
  async zoomFrames(): Promise<number[]> {
    const all: number[] = []
    for (let round = 0; round < 6; round++) {
      const folders: number[] = []
      for (let child = 1; child < tree.end[0]!; child = tree.end[child]!)
        if (tree.end[child]! > child + 500) folders.push(child)
      zoomTo(page, folders[round % folders.length]!)
      all.push(...(await frames(20)))
      zoomTo(page, 0)
      all.push(...(await frames(10)))
    }
    return all
  },
  async hover(): Promise<number[]> {
    const pane = document.querySelector('[data-testid=map-before]')!
    const box = pane.getBoundingClientRect()
    const times: number[] = []
    for (let at = 0; at < 400; at++) {
      const clientX = box.x + 5 + ((at * 37) % (box.width - 10))
      const clientY = box.y + 5 + ((at * 53) % (box.height - 10))
      const startMs = performance.now()
      pane.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX, clientY }))
      times.push(performance.now() - startMs)
      if (at % 20 === 0) await frame()
    }
    return times
  },
  async search(): Promise<number[]> {
    const times: number[] = []
    for (const query of [
      'f',
      'fi',
      'fil',
      'file1',
      'file12',
      '/folder1',
      '*.so',
      'kind:docs >1mb',
      'only:before <1kb file',
    ]) {
      const startMs = performance.now()
      search(page, query)
      times.push(performance.now() - startMs)
      await settle(2)
    }
    search(page, '')
    return times
  },
  async tableFrames(): Promise<number[]> {
    page.explorer.change({ isFlat: true })
    showTable(page, true)
    await settle(10)
    const body = document.querySelector('.table-body')!
    const deltas = await frames(120, (at) => {
      body.scrollTop = (at * 9173) % (body.scrollHeight - 500)
    })
    showTable(page, false)
    await settle(5)
    return deltas
  },
}

function drawWithD3(bytes: Float64Array): void {
  interface Node {
    readonly node: number
  }
  const children = ({ node }: Node): Node[] => {
    const found: Node[] = []
    for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) found.push({ node: child })
    return found
  }
  const data = hierarchy<Node>({ node: 0 }, children)
    .sum(({ node }) => (tree.isFolder[node] ? 0 : bytes[node]!))
    .sort((a, b) => b.value! - a.value!)
  const laidOut = treemap<Node>().size([695, 836]).paddingInner(1)(data)
  const canvas = document.createElement('canvas')
  canvas.width = 695
  canvas.height = 836
  host.append(canvas)
  const context = canvas.getContext('2d')!
  for (const { x0, y0, x1, y1, data: datum } of laidOut.leaves()) {
    context.fillStyle = ['#357ee4', '#a0724c', '#fed3df', '#8cf29c'][tree.kind[datum.node]! % 4]!
    context.fillRect(x0, y0, x1 - x0, y1 - y0)
  }
}

Object.assign(window, { bench })
