import { type KeyboardEvent, type ReactElement, useMemo, useState } from 'react'
import { layoutStages, nodeSize, type PlacedEdge } from '../../electron/core/dockerfile/graph-layout'
import { edgeLabel } from '../../electron/core/report/graph-text'
import { nodeTowards } from './graph-keys'
import { StageDetails } from './stage-details'
import type { StageGraphProps } from './stage-graph-props'
import { StageNode } from './stage-node'

/** Stages and base images from left to right; what the target does not reach is faded. A press opens a node; arrow keys follow edges. */
export function StageGraphView(props: StageGraphProps): ReactElement {
  const { graph, onSelectStage } = props
  const layout = useMemo(() => layoutStages(graph), [graph])
  const [openId, setOpenId] = useState<string | undefined>(undefined)
  const open = graph.nodes.find(({ id }) => id === openId)
  const onKey = (event: KeyboardEvent): void => {
    const from = (event.target as HTMLElement).dataset.node
    const to = from === undefined ? undefined : nodeTowards(graph, layout, from, event.key)
    if (to === undefined) return
    event.preventDefault()
    event.currentTarget.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"]`)?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons inside
    <div className="stage-graph" onKeyDown={onKey}>
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        style={{ maxWidth: layout.width }}
        role="group"
        aria-label="Stage graph"
      >
        <title>Stage graph</title>
        <defs>
          <ArrowHead />
        </defs>
        {layout.edges.map((edge) => (
          <g key={edgeKey(edge)} className={`edge edge-${edge.kind}`}>
            <path d={edge.path} markerEnd="url(#arrow)" />
          </g>
        ))}
        {layout.edges.map((edge) => (
          <EdgeLabel key={edgeKey(edge)} edge={edge} text={edgeLabel(edge, props.lineBytes)} />
        ))}
        {layout.nodes.map(({ id, x, y }) => (
          <foreignObject key={id} x={x} y={y} width={nodeSize.width} height={nodeSize.height}>
            <StageNode
              node={graph.nodes.find((node) => node.id === id)!}
              props={props}
              isOpen={id === openId}
              onPress={(node) => {
                setOpenId(id === openId ? undefined : id)
                if (node.kind === 'stage') onSelectStage?.(node.index)
              }}
            />
          </foreignObject>
        ))}
      </svg>
      {open && <StageDetails node={open} props={props} onClose={() => setOpenId(undefined)} />}
    </div>
  )
}

function ArrowHead(): ReactElement {
  return (
    <marker id="arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto">
      <path d="M0 0 L8 4 L0 8 z" className="arrow" />
    </marker>
  )
}

const edgeKey = ({ from, to, kind }: PlacedEdge): string => `${from} ${to} ${kind}`

/** Above all lines, which it interrupts. */
function EdgeLabel({ edge, text }: { edge: PlacedEdge; text: string }): ReactElement | null {
  if (text === '') return null
  return (
    <g className={`edge edge-${edge.kind}`}>
      <text x={edge.labelX} y={edge.labelY} textAnchor="middle">
        {text}
      </text>
    </g>
  )
}
