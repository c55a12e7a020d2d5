import type { ReactElement } from 'react'
import { applyEdit } from '../../electron/core/findings/finding'
import {
  type MeasuredFinding,
  type SavingBytes,
  savingPaths,
  withBytes,
} from '../../electron/core/findings/savings/measured'
import { formatBytes } from '../../electron/core/format'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { ExaminationView, ProjectView } from '../../electron/ipc/views'
import { ShowInMap } from '../compare/show-in-map'
import { editVariant } from '../shared/choices'
import { showStep } from '../shared/navigation'
import { usePage } from '../shared/use-page'

interface NextStepsProps {
  readonly variants: ProjectView['variants']
  readonly savings: ExaminationView['savings']
  /** The project is open, so that they can be edited. */
  readonly canEdit: boolean
}

interface Suggestion {
  readonly role: VariantRole
  readonly finding: MeasuredFinding
}

/** What the Dockerfiles could do without: what saves most comes first, the image that ships before the other one. */
export function NextSteps({ variants, savings, canEdit }: NextStepsProps): ReactElement {
  const ordered = (['after', 'before'] as const)
    .flatMap((role) => suggestions(variants, role, savings[role]))
    .sort((one, two) => (two.finding.bytes ?? -1) - (one.finding.bytes ?? -1))
  return (
    <section className="panel variant" aria-label="What the Dockerfiles could do without">
      <h3>
        What the Dockerfiles could do without
        <span className="muted">bytes are measured in the images that were built</span>
      </h3>
      {ordered.length === 0 ? (
        <p>Nothing was found.</p>
      ) : (
        <ol className="findings next-steps">
          {ordered.map((each) => (
            <Step key={`${each.role} ${each.finding.line} ${each.finding.rule}`} {...each} {...{ variants, canEdit }} />
          ))}
        </ol>
      )}
    </section>
  )
}

function suggestions(variants: NextStepsProps['variants'], role: VariantRole, bytes: SavingBytes): Suggestion[] {
  const infos = variants[role].findings.filter(({ severity }) => severity === 'info')
  return withBytes(infos, bytes).map((finding) => ({ role, finding }))
}

function Step({ role, finding, variants, canEdit }: Suggestion & Omit<NextStepsProps, 'savings'>): ReactElement {
  const page = usePage()
  const { rule, line, what, why, fix, edit, bytes } = finding
  const { id, text, file } = variants[role]
  const where = savingPaths[rule]
  return (
    <li className="note note-info">
      <strong>
        {bytes !== null && bytes > 0 && `${formatBytes(bytes)}: `}
        {what} <span className="rule">{rule}</span>
      </strong>
      <span className="muted">
        {file}:{line}, {role}. {why}
      </span>
      <span>
        Instead: <code>{fix}</code>
      </span>
      <span className="actions">
        {where && bytes !== null && bytes > 0 && <ShowInMap what={where.search} query={where.search} />}
        {canEdit && (
          <button
            type="button"
            aria-label={`${edit ? 'Apply in the editor' : 'Open in the editor'}: ${file}, line ${line}`}
            onClick={() => {
              if (edit) editVariant(page, role, { id, text: applyEdit(text, edit) })
              showStep(page, 'variants')
            }}
          >
            {edit ? 'Apply in the editor' : 'Open in the editor'}
          </button>
        )}
      </span>
    </li>
  )
}
