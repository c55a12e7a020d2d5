import { type ReactElement, useMemo } from 'react'
import type { StepProgress } from '../../electron/core/build/build-progress'
import type { GraphNode, StageGraph } from '../../electron/core/dockerfile/graph'
import { layoutStages, nodeSize, type PlacedEdge } from '../../electron/core/dockerfile/graph-layout'
import { formatBytes, formatElapsed, formatQuantity } from '../../electron/core/format'
import { nodeLabel } from '../../electron/core/report/graph-text'
import { stageProgress, stateSymbol } from './stage-state'

export interface StageGraphProps {
  readonly graph: StageGraph
  readonly steps: readonly StepProgress[]
  readonly isStarted: boolean
  /** Size of the finished image, shown on its stage. */
  readonly imageBytes: number | undefined
  /** Content of the layer that each line of the final stages made, for what crossed on its COPY --from; once the image is read. */
  readonly layerBytes?: ReadonlyMap<number, number> | undefined
  readonly onSelectStage?: (stageIndex: number) => void
}

/** Stages and base images from left to right; what the target does not reach is faded. */
export function StageGraphView(props: StageGraphProps): ReactElement {
  const { graph } = props
  const layout = useMemo(() => layoutStages(graph), [graph])
  return (
    <div className="stage-graph">
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        style={{ maxWidth: layout.width }}
        role="group"
        aria-label="Stage graph"
      >
        <title>Stage graph</title>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" className="arrow" />
          </marker>
        </defs>
        {layout.edges.map((edge) => (
          <Edge
            key={`${edge.from} ${edge.to} ${edge.kind} ${edge.line}`}
            edge={edge}
            bytes={edge.kind === 'copy' ? props.layerBytes?.get(edge.line) : undefined}
          />
        ))}
        {layout.nodes.map(({ id, x, y }) => (
          <foreignObject key={id} x={x} y={y} width={nodeSize.width} height={nodeSize.height}>
            <Node node={graph.nodes.find((node) => node.id === id)!} props={props} />
          </foreignObject>
        ))}
      </svg>
    </div>
  )
}

const edgeLabel = {
  base: '',
  context: '',
  copy: 'COPY --from',
  mount: 'RUN --mount',
  remote: 'ADD',
  onbuild: 'ONBUILD',
}

function Edge({ edge, bytes }: { edge: PlacedEdge; bytes: number | undefined }): ReactElement {
  return (
    <g className={`edge edge-${edge.kind}`}>
      <path d={edge.path} markerEnd="url(#arrow)" />
      {edgeLabel[edge.kind] !== '' && (
        <text x={edge.labelX} y={edge.labelY} textAnchor="middle">
          {bytes === undefined ? edgeLabel[edge.kind] : `COPY ${formatBytes(bytes)}`}
        </text>
      )}
    </g>
  )
}

const baseNotes = { scratch: 'an empty image', image: 'base image', context: 'your files', remote: 'fetched' }

function Node({ node, props }: { node: GraphNode; props: StageGraphProps }): ReactElement {
  const fade = node.reachable ? '' : ' unreachable'
  if (node.kind !== 'stage')
    return (
      <div className={`node node-base${fade}`} title={nodeLabel(node)}>
        <strong>{node.kind === 'context' && node.name === undefined ? 'Project folder' : nodeLabel(node)}</strong>
        <span>{baseNotes[node.kind]}</span>
      </div>
    )
  return <StageNode node={node} props={props} />
}

function StageNode({
  node,
  props,
}: {
  node: Extract<GraphNode, { kind: 'stage' }>
  props: StageGraphProps
}): ReactElement {
  const steps = props.steps.filter((step) => step.stageIndex === node.index)
  const { state, finished, of, elapsedMs, current } = stageProgress(steps)
  const shown = props.isStarted ? state : 'queued'
  const isOnly = node.label === 'stage-0' && props.graph.nodes.filter((other) => other.kind === 'stage').length === 1
  const sources = props.graph.edges.filter((edge) => edge.from === node.id)
  const feeds = sources.map((edge) => {
    const to = props.graph.nodes.find((other) => other.id === edge.to)
    const bytes = edge.kind === 'copy' ? props.layerBytes?.get(edge.line) : undefined
    return `${to?.kind === 'stage' ? to.label : ''}${bytes === undefined ? '' : ` with ${formatBytes(bytes)}`}`
  })
  const time = elapsedMs > 0 ? ` · ${formatElapsed(elapsedMs)}` : ''
  const status = node.reachable
    ? props.isStarted
      ? `${state} ${finished}/${of}${time}`
      : formatQuantity(of, 'step')
    : 'not needed by the target'
  return (
    <button
      type="button"
      className={`node node-stage state-${shown}${node.reachable ? '' : ' unreachable'}`}
      disabled={!props.onSelectStage}
      onClick={() => props.onSelectStage?.(node.index)}
    >
      <span className="node-title">
        {props.isStarted && <span className={`state-symbol state-${state}`}>{stateSymbol[state]}</span>}
        <strong>{isOnly ? 'one stage' : node.label}</strong>
        {node.isTarget && (
          <span className="tag">{props.imageBytes === undefined ? 'image' : formatBytes(props.imageBytes)}</span>
        )}
      </span>
      <span>{status}</span>
      <span className="visually-hidden">
        {feeds.length > 0 && `, feeds ${feeds.join(', ')}`}
        {node.isTarget && ', becomes the image'}
      </span>
      <span className="node-step">{props.isStarted ? current?.text : `line ${node.span.startLine}`}</span>
    </button>
  )
}
