import type { ReactElement } from 'react'
import type { GraphNode } from '../../electron/core/dockerfile/graph'
import { formatBytes, formatElapsed, formatQuantity } from '../../electron/core/format'
import { nodeLabel } from '../../electron/core/report/graph-text'
import type { StageGraphProps } from './stage-graph-props'
import { stageProgress, stateSymbol } from './stage-state'
import { useElapsed } from './use-elapsed'

interface StageNodeProps {
  readonly node: GraphNode
  readonly props: StageGraphProps
  readonly isOpen: boolean
  readonly onPress: (node: GraphNode) => void
}

type Stage = Extract<GraphNode, { kind: 'stage' }>

const baseNotes = { scratch: 'an empty image', image: 'base image', context: 'your files', remote: 'fetched' }

/** A stage, or what gives files to one: a button that opens it. */
export function StageNode({ node, props, isOpen, onPress }: StageNodeProps): ReactElement {
  const state = node.kind === 'stage' && props.isStarted ? stageProgress(stepsOf(node, props)).state : 'queued'
  const kind = node.kind === 'stage' ? `node-stage state-${state}` : 'node-base'
  const isFound =
    node.kind === 'stage' &&
    props.instructions.some(({ stageIndex, line }) => stageIndex === node.index && line === props.foundLine)
  return (
    <button
      type="button"
      className={`node ${kind}${node.reachable ? '' : ' unreachable'}${isOpen ? ' open' : ''}${isFound ? ' found' : ''}`}
      data-node={node.id}
      title={nodeLabel(node)}
      aria-expanded={isOpen}
      onClick={() => onPress(node)}
    >
      {node.kind === 'stage' ? <StageText node={node} props={props} /> : <BaseText node={node} props={props} />}
      <span className="visually-hidden">
        {feeds(node, props)}
        {node.kind === 'stage' && node.isTarget && ', becomes the image'}
      </span>
    </button>
  )
}

const stepsOf = ({ index }: Stage, { steps }: StageGraphProps): StageGraphProps['steps'] =>
  steps.filter((step) => step.stageIndex === index)

function BaseText({ node, props }: { node: Exclude<GraphNode, Stage>; props: StageGraphProps }): ReactElement {
  const bytes = props.nodeBytes?.[node.id]
  return (
    <>
      <strong>{node.kind === 'context' && node.name === undefined ? 'Project folder' : nodeLabel(node)}</strong>
      <span>
        {baseNotes[node.kind]}
        {bytes !== undefined && ` · ${formatBytes(bytes)}`}
      </span>
    </>
  )
}

function StageText({ node, props }: { node: Stage; props: StageGraphProps }): ReactElement {
  const { state, finished, of, elapsedMs, startedMs, current } = stageProgress(stepsOf(node, props))
  const elapsed = useElapsed(elapsedMs, startedMs)
  const isOnly = node.label === 'stage-0' && props.graph.nodes.filter((other) => other.kind === 'stage').length === 1
  const time = elapsed > 0 ? ` · ${formatElapsed(elapsed)}` : ''
  const status = node.reachable
    ? props.isStarted
      ? `${state} ${finished}/${of}${time}`
      : formatQuantity(of, 'step')
    : 'not needed by the target'
  const bytes = (node.isTarget ? props.imageBytes : undefined) ?? props.nodeBytes?.[node.id]
  return (
    <>
      <span className="node-title">
        {props.isStarted && <span className={`state-symbol state-${state}`}>{stateSymbol[state]}</span>}
        <strong>{isOnly ? 'one stage' : node.label}</strong>
        {(node.isTarget || bytes !== undefined) && (
          <span className="tag">{bytes === undefined ? 'image' : formatBytes(bytes)}</span>
        )}
      </span>
      <span>{status}</span>
      <span className="node-step">{props.isStarted ? current?.text : `line ${node.span.startLine}`}</span>
    </>
  )
}

/** The edges that leave a node, for those who do not see them. */
function feeds(node: GraphNode, { graph, lineBytes }: StageGraphProps): string {
  const targets = graph.edges
    .filter((edge) => edge.from === node.id)
    .map((edge) => {
      const to = graph.nodes.find((other) => other.id === edge.to)
      const bytes = edge.kind === 'copy' ? lineBytes?.get(edge.line) : undefined
      return `${to?.kind === 'stage' ? to.label : ''}${bytes === undefined ? '' : ` with ${formatBytes(bytes)}`}`
    })
  return targets.length === 0 ? '' : `, feeds ${targets.join(', ')}`
}
