import { ledgerClasses } from '../../electron/core/compare/ledger-classes'
import type { TreeClasses } from '../../electron/core/compare/meaning'
import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { layersOfQuery } from './layer-query'
import { isFile } from './tree-walk'

/** What examining the images added: a class and a package for each node. */
export interface SearchClasses extends TreeClasses {
  /** Name of each package that the column counts, as it is searched for. */
  readonly packageNames: readonly string[]
}

export type Test = (node: number) => boolean

/** A word of a query that means nothing: what is wrong, and what can be said instead. */
export class FilterProblem extends Error {}

/** The fields that a word can ask for, with an example each; the shortcut sheet shows them. */
export const filterHelp = [
  { example: 'libc', meaning: 'names that contain it' },
  { example: '/usr/lib', meaning: 'paths that contain it' },
  { example: '*.so', meaning: 'names of that form; ? stands for one letter' },
  { example: '>1mb  <10kb', meaning: 'files by size, on the larger side' },
  { example: 'only:before  only:after', meaning: 'files of one image alone' },
  { example: 'change:added', meaning: 'removed, added, changed or same' },
  { example: 'kind:toolchain', meaning: 'files by kind, as in the legend' },
  { example: 'layer:2  layer:after:1-3', meaning: 'files of layers, before’s unless said' },
  { example: 'class:waste  package:gcc-12', meaning: 'files by class of the ledger, or by package' },
  { example: '-kind:docs', meaning: 'a minus sign turns a word round' },
] as const

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 }

/** All words of a query must hold. Quotes keep spaces in a word. Throws FilterProblem. */
export function compileFilter(tree: UnionTree, query: string, classes: SearchClasses | undefined): Test {
  const tests = (query.match(/-?[\w]*:?"[^"]*"?|\S+/g) ?? []).map((word) => {
    const isNegated = word.length > 1 && word.startsWith('-')
    const test = compileWord(tree, (isNegated ? word.slice(1) : word).replaceAll('"', ''), classes)
    return isNegated ? (node: number) => isFile(tree, node) && !test(node) : test
  })
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (node) => tests.every((test) => test(node))
}

function compileWord(tree: UnionTree, word: string, classes: SearchClasses | undefined): Test {
  const [, sign, digits, unit] = /^([<>])([\d.]+)([a-z]*)$/i.exec(word) ?? []
  if (sign !== undefined) return bySize(tree, sign, Number(digits), unit ?? '')
  const [, field, value = ''] = /^(\w+):(.*)$/.exec(word) ?? []
  const make = field === undefined ? undefined : fields[field.toLowerCase()]
  if (make === undefined) return byName(tree, word.toLowerCase())
  const test = make(tree, value.toLowerCase(), classes)
  return (node) => isFile(tree, node) && test(node)
}

function bySize(tree: UnionTree, sign: string, count: number, unit: string): Test {
  const factor = units[unit.toLowerCase()]
  if (factor === undefined || Number.isNaN(count)) throw new FilterProblem('A size is like >1mb, <200kb or >1.5gb.')
  const limit = count * factor
  const { beforeBytes, afterBytes } = tree
  const size = (node: number): number => Math.max(beforeBytes[node]!, afterBytes[node]!)
  return sign === '>'
    ? (node) => isFile(tree, node) && size(node) > limit
    : (node) => isFile(tree, node) && size(node) < limit
}

/** Each distinct name is tested once; only a word with a slash needs whole paths. */
function byName(tree: UnionTree, wanted: string): Test {
  const slash = wanted.lastIndexOf('/')
  const last = matcher(wanted.slice(slash + 1))
  const isHit = Uint8Array.from(tree.names, (name) => (last(name.toLowerCase()) ? 1 : 0))
  const { nameId } = tree
  if (slash < 0) return (node) => isHit[nameId[node]!] === 1
  const whole = matcher(wanted.includes('*') ? `*${wanted}` : wanted)
  return (node) => isHit[nameId[node]!] === 1 && whole(`/${nodePath(tree, node)}`.toLowerCase())
}

function matcher(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text.includes(pattern)
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const form = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
  return (text) => form.test(text)
}

type Field = (tree: UnionTree, value: string, classes: SearchClasses | undefined) => Test

const changes: Readonly<Record<string, number>> = { ...change, same: change.kept }

const fields: Readonly<Record<string, Field>> = {
  only: (tree, value) => {
    const isKnown = value === 'before' || value === 'after'
    if (!isKnown) throw new FilterProblem('Say only:before or only:after.')
    const wanted = value === 'before' ? change.removed : change.added
    return (node) => tree.change[node] === wanted
  },
  change: (tree, value) => {
    const wanted = changes[value]
    if (wanted === undefined)
      throw new FilterProblem('Say change:removed, change:added, change:changed or change:same.')
    return (node) => tree.change[node] === wanted
  },
  kind: (tree, value) => {
    const wanted = pathKinds.findIndex((kind) => kind.toLowerCase() === value || labelWord(kind).startsWith(value))
    if (value === '' || wanted < 0) throw new FilterProblem(`Kinds are ${pathKinds.join(', ')}.`)
    return (node) => tree.kind[node] === wanted
  },
  layer: (tree, value) => {
    const range = layersOfQuery(`layer:${value}`)
    if (range === undefined) throw new FilterProblem('Say layer:2, layer:1-3 or layer:after:1.')
    const { side, first, last } = range
    const column = side === 'after' ? tree.afterLayer : tree.beforeLayer
    return (node) => column[node]! >= first && column[node]! <= last
  },
  class: (_tree, value, classes) => {
    const wanted = ledgerClasses.findIndex((each) => each.toLowerCase() === value)
    if (wanted < 0) throw new FilterProblem(`Classes are ${ledgerClasses.join(', ')}.`)
    const { ledger } = known(classes)
    return (node) => ledger[node] === wanted
  },
  // By the whole name, so that package:gcc is not also gcc-12-base.
  package: (_tree, value, classes) => {
    const { package: column, packageNames } = known(classes)
    const isHit = Uint8Array.from(packageNames, (each) => (each.toLowerCase() === value ? 1 : 0))
    return (node) => column[node]! >= 0 && isHit[column[node]!] === 1
  },
}

const labelWord = (kind: (typeof pathKinds)[number]): string => pathKindLabel[kind].toLowerCase()

function known(classes: SearchClasses | undefined): SearchClasses {
  if (classes === undefined) throw new FilterProblem('The images’ files are still being looked into.')
  return classes
}
