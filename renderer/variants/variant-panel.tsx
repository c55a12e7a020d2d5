import { lazy, type ReactElement, Suspense } from 'react'
import { applyEdit, type Finding } from '../../electron/core/findings/finding'
import type { OfferView, VariantView } from '../../electron/ipc/views'
import { StageGraphView } from '../build/stage-graph'
import { chooseVariant, editVariant, newestText, revertVariant, saveVariant } from '../shared/choices'
import { useStore } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { DockerfileText } from './dockerfile-text'
import { FindingList } from './finding-list'

const DockerfileEditor = lazy(async () => ({ default: (await import('./dockerfile-editor')).DockerfileEditor }))
const mark = { before: 'Before', after: 'After' }

/** One side: which variant it is, its stages, its text to change, and what is said about it. */
export function VariantPanel({ variant }: { readonly variant: VariantView }): ReactElement {
  const { role, id, name, file, isDerived, isEdited, text, findings } = variant
  const page = usePage()
  const newest = useStore(page.workspace, (state) => newestText(state, variant))
  return (
    <section className="panel variant" aria-label={`${mark[role]}: ${name}`}>
      <h3>
        <span className={`role role-${role}`}>{mark[role]}</span> {name}
        <span className="muted">{file}</span>
        {isDerived && <span className="tag">{isEdited ? 'edited' : 'derived'}, not in your folder</span>}
      </h3>
      <VariantChoice variant={variant} />
      {variant.graph.nodes.length > 0 && (
        <StageGraphView
          graph={variant.graph}
          steps={variant.steps}
          instructions={variant.instructions}
          isStarted={false}
          imageBytes={undefined}
        />
      )}
      <Suspense fallback={<DockerfileText text={text} marked={markedLines(findings)} />}>
        <DockerfileEditor
          variant={variant}
          text={newest}
          label={`Dockerfile of ${role}`}
          onChange={(changed) => editVariant(page, role, { id, text: changed })}
        />
      </Suspense>
      <div className="variant-tools">
        <button type="button" onClick={() => saveVariant(page, { ...variant, text: newest })}>
          Save as …
        </button>
        {isEdited && (
          <button type="button" onClick={() => void revertVariant(page, role, id)}>
            Undo all edits
          </button>
        )}
      </div>
      <SyntaxErrors variant={variant} />
      <FindingList findings={findings} onFix={(edit) => editVariant(page, role, { id, text: applyEdit(text, edit) })} />
      <Reasons variant={variant} />
    </section>
  )
}

const markedLines = (findings: readonly Finding[]): ReadonlySet<number> =>
  new Set(findings.flatMap(({ severity, line }) => (severity === 'info' ? [] : [line])))

function VariantChoice({ variant: { role, id } }: { readonly variant: VariantView }): ReactElement {
  const page = usePage()
  const project = usePageState((state) => state.workspace.project)
  const offers = project?.offers ?? []
  const files = [...new Set(offers.map(({ file }) => file))]
  const option = (offer: OfferView): ReactElement => (
    <option key={offer.id} value={offer.id}>
      {offer.title}
    </option>
  )
  return (
    <div className="variant-choice">
      <select
        aria-label={`Variant for ${role}`}
        value={id}
        onChange={(event) => void chooseVariant(page, role, event.target.value)}
      >
        {files.map((file) => (
          <optgroup key={file} label={file}>
            {offers.filter((offer) => offer.file === file).map(option)}
          </optgroup>
        ))}
      </select>
      {role === 'after' && project && project.refused.length > 0 && (
        <details>
          <summary>What cannot be derived ({project.refused.length})</summary>
          <ul>
            {project.refused.map(({ id: refused, title, problem }) => (
              <li key={refused}>
                {title}: {problem}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function SyntaxErrors({ variant: { diagnostics } }: { readonly variant: VariantView }): ReactElement | null {
  if (diagnostics.length === 0) return null
  return (
    <ul className="findings" aria-label="Syntax">
      {diagnostics.map(({ place, message }) => (
        <li key={`${place.line} ${place.column} ${message}`} className="note note-bad">
          <strong>
            Line {place.line}, column {place.column}: {message}.
          </strong>
        </li>
      ))}
    </ul>
  )
}

function Reasons({ variant: { reasons } }: { readonly variant: VariantView }): ReactElement | null {
  if (reasons.length === 0) return null
  return (
    <details>
      <summary>Why it differs ({reasons.length})</summary>
      <ol className="reasons">
        {reasons.map((reason, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two reasons may be the same
          <li key={at}>
            {reason.line !== undefined && <span className="muted">line {reason.line}: </span>}
            {reason.reason}
            {reason.after !== undefined && <code>{reason.after}</code>}
          </li>
        ))}
      </ol>
    </details>
  )
}
