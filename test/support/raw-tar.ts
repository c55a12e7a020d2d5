import type { Member } from './tar'

const block = 512

/** A tar of small members without a library and without waiting: for tests that need thousands. */
export function rawTar(members: readonly Member[]): Buffer {
  const parts = members.flatMap(([name, content, mode]) => {
    const text = typeof content === 'string' ? content : ''
    const link = typeof content === 'object' ? ('link' in content ? content.link : content.hardLink) : ''
    const type = name.endsWith('/') ? '5' : typeof content === 'object' ? ('link' in content ? '2' : '1') : '0'
    const body = Buffer.alloc(Math.ceil(text.length / block) * block)
    body.write(text, 'latin1')
    return [header({ name, link, type, mode: mode ?? 0o644, bytes: text.length }), body]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

interface Header {
  readonly name: string
  readonly link: string
  readonly type: string
  readonly mode: number
  readonly bytes: number
}

function header({ name, link, type, mode, bytes }: Header): Buffer {
  const made = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number): void => {
    made.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  }
  made.write(name, 0, 'utf8')
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes, 124, 12)
  octal(1_700_000_000, 136, 12)
  made.write('        ', 148, 'latin1')
  made.write(type, 156, 'latin1')
  made.write(link, 157, 'utf8')
  made.write('ustar\x0000', 257, 'latin1')
  made.write(
    `${made
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  )
  return made
}
