import { type ReactElement, useState } from 'react'
import type { VariantView } from '../../electron/ipc/contract'
import { DockerfileText } from '../components/dockerfile-text'
import { FailureNote } from '../components/failure-note'
import { FindingList } from '../components/finding-list'
import { StageGraphView } from '../components/stage-graph'
import { buildBoth, openProject } from '../state/actions'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'

export function VariantsView(): ReactElement | null {
  const { project, engine, build } = useStore(workspace, (state) => state)
  const [noCache, setNoCache] = useState(false)
  if (!project) return null
  const { variants } = project
  return (
    <div className="variants">
      <div className="view-head">
        <h2>{project.name}</h2>
        <span className="muted">{project.dockerfiles.join(' · ')}</span>
        <button type="button" className="quiet" onClick={() => void openProject(project.folder)}>
          Read again
        </button>
        <span className="space" />
        <label className="check">
          <input type="checkbox" checked={noCache} onChange={(event) => setNoCache(event.target.checked)} /> without
          cache
        </label>
        <button
          type="button"
          className="primary"
          disabled={variants === undefined || engine?.kind !== 'ready' || build?.isRunning}
          onClick={() => void buildBoth(noCache)}
        >
          Build both variants
        </button>
      </div>
      {project.problem && <FailureNote failure={project.problem} />}
      {engine?.kind === 'missing' && <FailureNote failure={engine.failure} />}
      {variants && (
        <div className="variant-pair">
          <VariantPanel variant={variants.before} />
          <VariantPanel variant={variants.after} />
        </div>
      )}
    </div>
  )
}

const mark = { before: 'Before', after: 'After' }

function VariantPanel({ variant }: { variant: VariantView }): ReactElement {
  return (
    <section className="panel variant" aria-label={`${mark[variant.role]}: ${variant.name}`}>
      <h3>
        <span className={`role role-${variant.role}`}>{mark[variant.role]}</span> {variant.name}
        <span className="muted">{variant.file}</span>
        {variant.isDerived && <span className="tag">derived, not in your folder</span>}
      </h3>
      <StageGraphView graph={variant.graph} steps={variant.steps} isStarted={false} imageBytes={undefined} />
      <FindingList findings={variant.findings} />
      <DockerfileText text={variant.text} marked={new Set(variant.findings.map(({ line }) => line))} />
      {variant.reasons.length > 0 && (
        <details>
          <summary>Why it differs ({variant.reasons.length})</summary>
          <ol className="reasons">
            {variant.reasons.map((reason, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two reasons may be the same
              <li key={at}>
                {reason.line !== undefined && <span className="muted">line {reason.line}: </span>}
                {reason.reason}
                {reason.after !== undefined && <code>{reason.after}</code>}
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
