import { type ReactElement, useState } from 'react'
import { FailureNote } from '../components/failure-note'
import { LadderPanel } from '../components/ladder-panel'
import { VariantPanel } from '../components/variant-panel'
import { buildBoth, openProject } from '../state/actions'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'

export function VariantsView(): ReactElement | null {
  const { project, engine, build, variantFailure } = useStore(workspace, (state) => state)
  const [noCache, setNoCache] = useState(false)
  if (!project) return null
  const { before, after } = project.variants
  const isBroken = [before, after].some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))
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
          disabled={isBroken || engine?.kind !== 'ready' || build?.isRunning}
          onClick={() => void buildBoth(noCache)}
        >
          Build both variants
        </button>
      </div>
      {project.problem && (project.problem.code !== 'dockerfile-invalid' || isBroken) && (
        <FailureNote failure={project.problem} />
      )}
      {variantFailure && <FailureNote failure={variantFailure} />}
      {engine?.kind === 'missing' && <FailureNote failure={engine.failure} />}
      <div className="variant-pair">
        <VariantPanel variant={before} />
        <VariantPanel variant={after} />
      </div>
      <LadderPanel />
    </div>
  )
}
