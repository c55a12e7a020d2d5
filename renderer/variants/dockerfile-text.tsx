import type { ReactElement } from 'react'

const instruction = /^(\s*)([A-Za-z]+)(\s.*)?$/

interface DockerfileTextProps {
  readonly text: string
  /** Numbers of lines that something was found about. */
  readonly marked: ReadonlySet<number>
}

/** A Dockerfile to read: line numbers, comments and keywords apart. */
export function DockerfileText({ text, marked }: DockerfileTextProps): ReactElement {
  const lines = text.replace(/\n$/, '').split('\n')
  let continues = false
  return (
    <pre className="dockerfile">
      {lines.map((line, at) => {
        const isComment = /^\s*#/.test(line)
        const found = continues || isComment ? null : instruction.exec(line)
        if (!isComment) continues = /\\\s*$/.test(line)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity than its number
          <div key={at} className={`line${isComment ? ' comment' : ''}${marked.has(at + 1) ? ' marked' : ''}`}>
            <span className="line-number">{at + 1}</span>
            {found ? (
              <span>
                {found[1]}
                <b>{found[2]}</b>
                {found[3]}
              </span>
            ) : (
              <span>{line}</span>
            )}
          </div>
        )
      })}
    </pre>
  )
}
