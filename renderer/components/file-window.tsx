import { type ReactElement, type SyntheticEvent, useEffect, useRef, useState } from 'react'
import type { EntryDetail } from '../../electron/core/compare/facts'
import type { Failure } from '../../electron/core/failure'
import { formatBytes } from '../../electron/core/format'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Reply } from '../../electron/ipc/contract'
import { api } from '../api'
import { textDiff } from '../layout/file-text'
import { explorer, type OpenedFile } from '../state/explorer'
import {
  fileName,
  type ReadBytes,
  readHidden,
  readSide,
  type SideContent,
  saveHidden,
  saveSide,
} from '../state/file-content'
import { useStore } from '../state/store'
import { FailureNote } from './failure-note'
import { FileView } from './file-view'

type Tab = VariantRole | 'difference'

interface Loaded {
  readonly detail: EntryDetail
  readonly before: Reply<SideContent> | undefined
  readonly after: Reply<SideContent> | undefined
}

const roles = ['before', 'after'] as const
const label = { before: 'Before', after: 'After', difference: 'Difference' }

/** A file of the images in a window of its own: text, picture or bytes, and what differs. */
export function FileWindow(): ReactElement {
  const { opened, comparisonId } = useStore(explorer, (state) => state)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (opened && !dialog.current?.open) dialog.current?.showModal()
  }, [opened])
  // The event comes late: another file may have been asked for since. The focus goes back by itself.
  const onClose = (event: SyntheticEvent<HTMLDialogElement>): void => {
    if (!event.currentTarget.open) explorer.change({ opened: undefined })
  }
  return (
    <dialog ref={dialog} className="panel file-window" aria-label="File" onClose={onClose}>
      {opened && (
        <Opened key={`${comparisonId} ${JSON.stringify(opened)}`} comparisonId={comparisonId} opened={opened} />
      )}
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

function Opened({ comparisonId, opened }: { comparisonId: string; opened: OpenedFile }): ReactElement {
  if (opened.kind === 'entry') return <FileContent comparisonId={comparisonId} node={opened.node} />
  return <HiddenContent comparisonId={comparisonId} opened={opened} />
}

type Hidden = Extract<OpenedFile, { kind: 'hidden' }>

/** A file that was deleted or overwritten, as its layer still has it. */
function HiddenContent({ comparisonId, opened }: { comparisonId: string; opened: Hidden }): ReactElement {
  const [reply, setReply] = useState<Reply<SideContent> | undefined>(undefined)
  const [saveFailure, setSaveFailure] = useState<Failure | undefined>(undefined)
  const { side, file } = opened
  const [progress, setProgress] = useState<ReadBytes | undefined>(undefined)
  useEffect(
    () => readHidden(comparisonId, { side, file }, { onRead: setProgress, onReply: setReply }),
    [comparisonId, side, file],
  )
  const save = async (): Promise<void> => {
    const saved = await saveHidden(comparisonId, side, file)
    setSaveFailure(saved.ok ? undefined : saved.failure)
  }
  return (
    <>
      <h2 className="file-path">{file.path}</h2>
      <div className="file-bar">
        <span className="muted">
          {formatBytes(file.contentBytes)} in layer {file.layer + 1} of {side}; no container sees it, whoever has the
          image can read it
        </span>
        <span className="space" />
        {reply?.ok && (
          <button type="button" onClick={() => void save()}>
            Save a copy
          </button>
        )}
      </div>
      {saveFailure && <FailureNote failure={saveFailure} />}
      <div className="file-body" data-testid="file-body">
        {reply === undefined && (
          <p className="muted" role="status">
            Reading the layer; an engine has to export it first …
            {progress && ` ${formatBytes(progress.readBytes)} of at most about ${formatBytes(progress.expectedBytes)}`}
          </p>
        )}
        {reply?.ok === false && <FailureNote failure={reply.failure} />}
        {reply?.ok && <FileView content={reply.value} name={fileName(file.path)} />}
      </div>
    </>
  )
}

function FileContent({ comparisonId, node }: { comparisonId: string; node: number }): ReactElement {
  const [loaded, setLoaded] = useState<Reply<Loaded> | undefined>(undefined)
  const [chosen, setChosen] = useState<Tab | undefined>(undefined)
  const [saveFailure, setSaveFailure] = useState<Failure | undefined>(undefined)
  useEffect(() => {
    void load(comparisonId, node).then(setLoaded)
  }, [comparisonId, node])
  if (!loaded) return <p className="muted">Reading …</p>
  if (!loaded.ok) return <FailureNote failure={loaded.failure} />
  const { detail } = loaded.value
  const tabs = tabsOf(loaded.value)
  const tab = chosen ?? tabs.at(-1)!
  const save = async (side: VariantRole): Promise<void> => {
    const reply = await saveSide(comparisonId, detail, { node, side })
    setSaveFailure(reply.ok ? undefined : reply.failure)
  }
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
          .filter((role) => loaded.value[role]?.ok)
          .map((role) => (
            <button key={role} type="button" onClick={() => void save(role)}>
              Save a copy of {role}
            </button>
          ))}
      </div>
      {saveFailure && <FailureNote failure={saveFailure} />}
      <div className="file-body" data-testid="file-body">
        {tab === 'difference' ? <Difference loaded={loaded.value} /> : <SideView loaded={loaded.value} side={tab} />}
      </div>
    </>
  )
}

async function load(comparisonId: string, node: number): Promise<Reply<Loaded>> {
  const reply = await api.request('comparison.entry', { comparisonId, node })
  if (!reply.ok) return reply
  const detail = reply.value
  const before = await readSide(comparisonId, detail, { node, side: 'before' })
  const isSame = detail.before?.checksum !== undefined && detail.before.checksum === detail.after?.checksum
  const after = isSame ? before : await readSide(comparisonId, detail, { node, side: 'after' })
  return { ok: true, value: { detail, before, after } }
}

/** The difference where both sides have a text and it is not the same. */
function tabsOf({ before, after, detail }: Loaded): Tab[] {
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

function SideView({ loaded, side }: { loaded: Loaded; side: VariantRole }): ReactElement {
  const reply = loaded[side]
  if (reply === undefined) return <p className="muted">It is a {loaded.detail[side]?.kind}, and has no content.</p>
  if (!reply.ok) return <FailureNote failure={reply.failure} />
  return <FileView content={reply.value} name={fileName(loaded.detail.path)} />
}

function Difference({ loaded: { before, after } }: { loaded: Loaded }): ReactElement {
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
