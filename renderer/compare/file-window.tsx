import { type ReactElement, type SyntheticEvent, useEffect, useRef, useState } from 'react'
import type { EntryDetail } from '../../electron/core/compare/facts'
import type { Failure } from '../../electron/core/failure'
import { formatBytes } from '../../electron/core/format'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Reply } from '../../electron/ipc/contract'
import { FailureNote } from '../shared/failure-note'
import { textDiff } from '../shared/file-text'
import { FileView } from '../shared/file-view'
import type { EntryFileContent, OpenedFile, SideContent, StateOf } from '../shared/jobs'
import { usePage, usePageState } from '../shared/use-page'
import { closeFile, fileName, saveEntry, saveHidden } from './file-content'

type Tab = VariantRole | 'difference'

const roles = ['before', 'after'] as const
const label = { before: 'Before', after: 'After', difference: 'Difference' }

/** A file of the images in a window of its own: text, picture or bytes, and what differs. */
export function FileWindow(): ReactElement {
  const page = usePage()
  const state = usePageState(({ jobs }) => jobs.file)
  const isOpen = state.kind !== 'idle'
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal()
  }, [isOpen])
  // The event comes late: another file may have been asked for since. The focus goes back by itself.
  const onClose = (event: SyntheticEvent<HTMLDialogElement>): void => {
    if (!event.currentTarget.open) closeFile(page)
  }
  return (
    <dialog ref={dialog} className="panel file-window" aria-label="File" onClose={onClose}>
      {state.kind !== 'idle' && <Opened key={state.id} state={state} />}
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

type OpenedState = Exclude<StateOf<'file'>, { kind: 'idle' }>

/** What is shown of the file that was asked for, while it is read and after. */
export function Opened({ state }: { readonly state: OpenedState }): ReactElement {
  const { subject } = state
  if (subject.kind === 'hidden') return <HiddenFile state={state} opened={subject} />
  if (state.kind === 'failed') return <FailureNote failure={state.failure} />
  if (state.kind === 'done' && state.value.kind === 'entry') return <EntryFile content={state.value} opened={subject} />
  return <p className="muted">Reading …</p>
}

type OpenedHidden = Extract<OpenedFile, { kind: 'hidden' }>
type OpenedEntry = Extract<OpenedFile, { kind: 'entry' }>

/** A file that was deleted or overwritten, as its layer still has it. */
function HiddenFile({ state, opened }: { readonly state: OpenedState; readonly opened: OpenedHidden }): ReactElement {
  const page = usePage()
  const [saveFailure, setSaveFailure] = useState<Failure | undefined>(undefined)
  const { side, file } = opened
  const progress = state.kind === 'running' ? state.progress : undefined
  const content = state.kind === 'done' && state.value.kind === 'hidden' ? state.value.content : undefined
  const save = async (): Promise<void> => setSaveFailure(await saveHidden(page, opened))
  return (
    <>
      <h2 className="file-path">{file.path}</h2>
      <div className="file-bar">
        <span className="muted">
          {formatBytes(file.contentBytes)} in layer {file.layer + 1} of {side}; no container sees it, whoever has the
          image can read it
        </span>
        <span className="space" />
        {content && (
          <button type="button" onClick={() => void save()}>
            Save a copy
          </button>
        )}
      </div>
      {saveFailure && <FailureNote failure={saveFailure} />}
      <div className="file-body" data-testid="file-body">
        {state.kind === 'running' && (
          <p className="muted" role="status">
            Reading the layer; an engine has to export it first …
            {progress && ` ${formatBytes(progress.readBytes)} of at most about ${formatBytes(progress.expectedBytes)}`}
          </p>
        )}
        {state.kind === 'failed' && <FailureNote failure={state.failure} />}
        {content && <FileView content={content} name={fileName(file.path)} />}
      </div>
    </>
  )
}

interface EntryFileProps {
  readonly content: EntryFileContent
  readonly opened: OpenedEntry
}

function EntryFile({ content, opened }: EntryFileProps): ReactElement {
  const page = usePage()
  const [chosen, setChosen] = useState<Tab | undefined>(undefined)
  const [saveFailure, setSaveFailure] = useState<Failure | undefined>(undefined)
  const { detail } = content
  const tabs = tabsOf(content)
  const tab = chosen ?? tabs.at(-1)!
  const save = async (side: VariantRole): Promise<void> =>
    setSaveFailure(await saveEntry(page, opened, { detail, side }))
  return (
    <>
      <h2 className="file-path">{detail.path}</h2>
      <div className="file-bar">
        <div className="segments" role="group" aria-label="Shown">
          {tabs.map((each) => (
            <button key={each} type="button" aria-pressed={each === tab} onClick={() => setChosen(each)}>
              {label[each]}
            </button>
          ))}
        </div>
        <span className="muted">{sizesOf(detail)}</span>
        <span className="space" />
        {roles
          .filter((role) => content[role]?.ok)
          .map((role) => (
            <button key={role} type="button" onClick={() => void save(role)}>
              Save a copy of {role}
            </button>
          ))}
      </div>
      {saveFailure && <FailureNote failure={saveFailure} />}
      <div className="file-body" data-testid="file-body">
        {tab === 'difference' ? <Difference content={content} /> : <SideView content={content} side={tab} />}
      </div>
    </>
  )
}

/** The difference where both sides have a text and it is not the same. */
function tabsOf({ before, after, detail }: EntryFileContent): Tab[] {
  const tabs: Tab[] = roles.filter((role) => detail[role] !== undefined)
  const isText = (side: Reply<SideContent> | undefined): boolean => side?.ok === true && side.value.text !== undefined
  return before !== after && isText(before) && isText(after) ? [...tabs, 'difference'] : tabs
}

function sizesOf({ before, after }: EntryDetail): string {
  if (before?.checksum !== undefined && before.checksum === after?.checksum) return 'the same content on both sides'
  const text = (name: string, entry: typeof before): string =>
    entry
      ? `${name} ${entry.kind === 'symlink' ? `is a link to ${entry.linkTarget}` : formatBytes(entry.contentBytes)}`
      : `not in ${name}`
  return `${text('before', before)} · ${text('after', after)}`
}

function SideView({ content, side }: { content: EntryFileContent; side: VariantRole }): ReactElement {
  const reply = content[side]
  if (reply === undefined) return <p className="muted">It is a {content.detail[side]?.kind}, and has no content.</p>
  if (!reply.ok) return <FailureNote failure={reply.failure} />
  return <FileView content={reply.value} name={fileName(content.detail.path)} />
}

function Difference({ content: { before, after } }: { content: EntryFileContent }): ReactElement {
  const [lines, setLines] = useState<readonly string[] | undefined | 'working'>('working')
  useEffect(() => {
    if (before?.ok && after?.ok) void textDiff(before.value.text ?? '', after.value.text ?? '').then(setLines)
  }, [before, after])
  if (lines === 'working') return <p className="muted">Comparing …</p>
  if (lines === undefined) return <p className="muted">The two are too different to be compared line by line.</p>
  if (lines.length === 0) return <p className="muted">Their text is the same; owner or mode differ.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys
    <pre className="diff" tabIndex={0}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
        <span key={at} className={{ '+': 'added', '-': 'removed', '@': 'hunk' }[line[0] ?? ''] ?? ''}>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  )
}
