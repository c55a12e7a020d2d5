import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react'
import { formatBytes } from '../../electron/core/format'
import { hexLines, imageType } from './file-text'
import type { SideContent } from './jobs'

const CodeView = lazy(async () => ({ default: (await import('./code-view')).CodeView }))

const maxHex = 65_536

/** The content of a file: text with colors, a picture, or bytes. */
export function FileView({ content, name }: { content: SideContent; name: string }): ReactElement {
  const { bytes, isCut, contentBytes, text } = content
  if (bytes.length === 0) return <p className="muted">The file is empty.</p>
  const note = isCut && (
    <p className="note note-info">
      The first {formatBytes(bytes.length)}
      {contentBytes !== undefined && ` of ${formatBytes(contentBytes)}`}; save a copy to see all.
    </p>
  )
  const type = imageType(bytes)
  if (type !== undefined && !isCut) return <Picture bytes={bytes} type={type} />
  return (
    <>
      {note}
      {text === undefined ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys
        <pre className="hex" tabIndex={0}>
          {hexLines(bytes.subarray(0, maxHex))}
          {bytes.length > maxHex && `\n… ${formatBytes((contentBytes ?? bytes.length) - maxHex)} more`}
        </pre>
      ) : (
        <Suspense fallback={<pre>{text.slice(0, 20_000)}</pre>}>
          <CodeView text={text} name={name} />
        </Suspense>
      )}
    </>
  )
}

function Picture({ bytes, type }: { bytes: Uint8Array; type: string }): ReactElement {
  const [url, setUrl] = useState('')
  useEffect(() => {
    const reader = new FileReader()
    reader.onload = () => setUrl(String(reader.result))
    reader.readAsDataURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
    return () => reader.abort()
  }, [bytes, type])
  return url === '' ? (
    <p className="muted">Reading …</p>
  ) : (
    <img className="picture" src={url} alt="What the file shows" />
  )
}
