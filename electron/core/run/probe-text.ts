import type { HttpAnswer } from './run'

/** What the probe writes before it sends the answer on. */
export const answerMark = '==cutaway-answer=='
const longestBody = 64 << 10

/** Ports with a listener in what `/proc/net/tcp` and `tcp6` hold (https://docs.kernel.org/networking/proc_net_tcp.html). */
export function listeningPorts(text: string): number[] {
  const listening = '0A'
  const ports = new Set<number>()
  for (const line of text.split('\n')) {
    const match = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line)
    if (match?.[2] === listening) ports.add(Number.parseInt(match[1]!, 16))
  }
  return [...ports].sort((a, b) => a - b)
}

/** An HTTP/1 reply as it came over the wire, body not chunked; undefined for what is none. */
export function readHttpAnswer(text: string): HttpAnswer | undefined {
  const [, status, headers, body] = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r?\n(.*?)\r?\n\r?\n(.*)$/s.exec(text) ?? []
  if (status === undefined) return undefined
  const contentType = /^content-type:[ \t]*([^\r\n]*)/im.exec(headers!)?.[1] ?? ''
  return { status: Number(status), contentType, body: body!.slice(0, longestBody) }
}
