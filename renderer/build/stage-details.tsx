import type { ReactElement } from 'react'
import type { GraphEdge, GraphNode } from '../../electron/core/dockerfile/graph'
import { formatBytes, formatElapsed } from '../../electron/core/format'
import { nodeLabel } from '../../electron/core/report/graph-text'
import type { InstructionView } from '../../electron/ipc/views'
import type { StageGraphProps } from './stage-graph-props'
import { stateSymbol } from './stage-state'

interface StageDetailsProps {
  readonly node: GraphNode
  readonly props: StageGraphProps
  readonly onClose: () => void
}

/** What is inside of a node: the instructions of a stage, or what a base image or folder gives to which stage. */
export function StageDetails({ node, props, onClose }: StageDetailsProps): ReactElement {
  const name = node.kind === 'stage' ? `Stage ${node.label}` : nodeLabel(node)
  return (
    <section className="stage-details" aria-label={name}>
      <div className="stage-details-head">
        <strong>{name}</strong>
        <span className="space" />
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </div>
      {node.kind === 'stage' ? (
        <ol>
          {props.instructions
            .filter(({ stageIndex }) => stageIndex === node.index)
            .map((instruction) => (
              <Instruction key={instruction.line} instruction={instruction} props={props} />
            ))}
        </ol>
      ) : (
        <Uses node={node} props={props} />
      )}
    </section>
  )
}

function Instruction({ instruction, props }: { instruction: InstructionView; props: StageGraphProps }): ReactElement {
  const { line, text } = instruction
  const step = props.steps.find(({ span }) => span.startLine === line)
  const bytes = props.lineBytes?.get(line)
  const layers = props.lineLayers?.get(line)
  const { onFind } = props
  return (
    <li className={line === props.foundLine ? 'stage-instruction found' : 'stage-instruction'}>
      <span className="line-place">{line}</span>
      <span className={`state-symbol state-${step?.state ?? 'none'}`} title={step?.state}>
        {props.isStarted && step ? stateSymbol[step.state] : ''}
      </span>
      <code>{text}</code>
      <span className="muted">
        {step && step.elapsedMs > 0 && formatElapsed(step.elapsedMs)}
        {bytes !== undefined && ` ${formatBytes(bytes)}`}
      </span>
      {layers && onFind && (
        <button type="button" className="quiet" onClick={() => onFind(layers)}>
          Files
        </button>
      )}
    </li>
  )
}

const verbs: Readonly<Record<GraphEdge['kind'], string>> = {
  base: 'is the base of',
  copy: 'is copied from by',
  mount: 'is mounted by',
  context: 'gives files to',
  remote: 'is fetched by',
  onbuild: 'is copied from, by a trigger of its base, by',
}

function Uses({ node, props: { graph } }: { node: GraphNode; props: StageGraphProps }): ReactElement {
  return (
    <ul>
      {graph.edges
        .filter(({ from }) => from === node.id)
        .map(({ kind, to, line }) => (
          <li key={`${kind} ${to} ${line}`}>
            {verbs[kind]} {nodeLabel(graph.nodes.find(({ id }) => id === to)!)}, line {line}
          </li>
        ))}
    </ul>
  )
}
