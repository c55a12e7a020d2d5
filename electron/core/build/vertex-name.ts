/** What the name of a vertex says: `[builder 2/5] RUN make`, `[internal] load build context`. */
export type VertexName =
  | {
      readonly kind: 'step'
      readonly stage: string | undefined
      readonly number: number
      readonly of: number
      readonly text: string
    }
  | { readonly kind: 'export' }
  | { readonly kind: 'internal'; readonly text: string }

const stepName =
  /^\[(?:(?:linux|windows|darwin|freebsd)\/[\w./>-]+\s+)?(?:([^\s\]]+)\s+)?(\d+)\/\s*(\d+)\]\s+([\s\S]*)$/

export function readVertexName(name: string): VertexName {
  const step = stepName.exec(name)
  if (step)
    return {
      kind: 'step',
      stage: step[1],
      number: Number(step[2]),
      of: Number(step[3]),
      text: step[4]!.replace(/^ONBUILD\s+/, ''),
    }
  if (name.startsWith('exporting ')) return { kind: 'export' }
  return { kind: 'internal', text: name.replace(/^\[internal\]\s+/, '') }
}
