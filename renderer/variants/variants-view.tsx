import { type ReactElement, useState } from 'react'
import { buildBoth } from '../build/building'
import { FailureNote } from '../shared/failure-note'
import { isBuilding } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { openProject } from '../source/opening'
import { BenchmarkPanel } from './benchmark-panel'
import { VariantPanel } from './variant-panel'

export function VariantsView(): ReactElement | null {
  const page = usePage()
  const { project, engine, variantFailure } = useFields(page.workspace, 'project', 'engine', 'variantFailure')
  const isBusy = usePageState(isBuilding)
  const [noCache, setNoCache] = useState(false)
  if (!project) return null
  const { before, after } = project.variants
  const isBroken = [before, after].some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))
  return (
    <div className="variants">
      <div className="view-head">
        <h2>{project.name}</h2>
        <span className="muted">{project.dockerfiles.join(' · ')}</span>
        <button type="button" className="quiet" onClick={() => void openProject(page, project.folder)}>
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
          disabled={isBroken || engine?.kind !== 'ready' || isBusy}
          onClick={() => void buildBoth(page, noCache)}
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
      <BenchmarkPanel />
    </div>
  )
}
