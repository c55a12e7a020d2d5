import { ledgerClasses } from '../../electron/core/compare/ledger-classes'
import type { TreeClasses } from '../../electron/core/compare/meaning'
import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { layersOfQuery } from './layer-query'
import { nameMask } from './name-filter'

/** What examining the images added: a class and a package for each node. */
export interface SearchClasses extends TreeClasses {
  /** Name of each package that the column counts, as it is searched for. */
  readonly packageNames: readonly string[]
}

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

/** For each node 1 where all words of a query hold, else 0. Quotes keep spaces in a word. Throws FilterProblem. */
export function filterMask(tree: UnionTree, query: string, classes: SearchClasses | undefined): Uint8Array {
  let all: Uint8Array | undefined
  for (const word of query.match(/-?[\w]*:?"[^"]*"?|\S+/g) ?? []) {
    const mask = wordMask(tree, word, classes)
    all = all === undefined ? mask : both(all, mask)
  }
  return all ?? new Uint8Array(tree.parent.length).fill(1)
}

/** Words about size, layer or kind hold for files only, and so does a word that is turned round. */
function wordMask(tree: UnionTree, word: string, classes: SearchClasses | undefined): Uint8Array {
  const isNegated = word.length > 1 && word.startsWith('-')
  const plain = (isNegated ? word.slice(1) : word).replaceAll('"', '')
  const [, sign, digits, unit = ''] = /^([<>])([\d.]+)([a-z]*)$/i.exec(plain) ?? []
  const [, field = '', value = ''] = /^(\w+):(.*)$/.exec(plain) ?? []
  const make = Object.hasOwn(fields, field.toLowerCase()) ? fields[field.toLowerCase()] : undefined
  if (sign === undefined && !make && !isNegated) return nameMask(tree, plain.toLowerCase())
  const mask =
    sign !== undefined
      ? sizeMask(tree, sign, Number(digits), unit)
      : (make?.(tree, value.toLowerCase(), classes) ?? nameMask(tree, plain.toLowerCase()))
  return filesWhere(tree, mask, isNegated ? 0 : 1)
}

function both(one: Uint8Array, other: Uint8Array): Uint8Array {
  for (let at = 0; at < one.length; at++) one[at]! &= other[at]!
  return one
}

/** The files whose mask has a value. */
function filesWhere(tree: UnionTree, mask: Uint8Array, value: 0 | 1): Uint8Array {
  const { end, isFolder } = tree
  for (let node = 0; node < mask.length; node++)
    mask[node] = mask[node] === value && end[node] === node + 1 && isFolder[node] === 0 ? 1 : 0
  return mask
}

function sizeMask(tree: UnionTree, sign: string, count: number, unit: string): Uint8Array {
  const factor = units[unit.toLowerCase()]
  if (factor === undefined || Number.isNaN(count)) throw new FilterProblem('A size is like >1mb, <200kb or >1.5gb.')
  const limit = count * factor
  const isMore = sign === '>'
  const { beforeBytes, afterBytes } = tree
  const mask = new Uint8Array(beforeBytes.length)
  for (let node = 0; node < mask.length; node++) {
    const size = Math.max(beforeBytes[node]!, afterBytes[node]!)
    mask[node] = (isMore ? size > limit : size < limit) ? 1 : 0
  }
  return mask
}

type Column = Uint8Array | Int32Array

/** Where a column has a value from `first` to `last`. */
function between(column: Column, first: number, last: number): Uint8Array {
  const mask = new Uint8Array(column.length)
  for (let node = 0; node < mask.length; node++) if (column[node]! >= first && column[node]! <= last) mask[node] = 1
  return mask
}

const equal = (column: Column, wanted: number): Uint8Array => between(column, wanted, wanted)

type Field = (tree: UnionTree, value: string, classes: SearchClasses | undefined) => Uint8Array

const changes: Readonly<Record<string, number>> = { ...change, same: change.kept }

const fields: Readonly<Record<string, Field>> = {
  only: (tree, value) => {
    const isKnown = value === 'before' || value === 'after'
    if (!isKnown) throw new FilterProblem('Say only:before or only:after.')
    const wanted = value === 'before' ? change.removed : change.added
    return equal(tree.change, wanted)
  },
  change: (tree, value) => {
    const wanted = changes[value]
    if (wanted === undefined)
      throw new FilterProblem('Say change:removed, change:added, change:changed or change:same.')
    return equal(tree.change, wanted)
  },
  kind: (tree, value) => {
    const wanted = pathKinds.findIndex((kind) => kind.toLowerCase() === value || labelWord(kind).startsWith(value))
    if (value === '' || wanted < 0) throw new FilterProblem(`Kinds are ${pathKinds.join(', ')}.`)
    return equal(tree.kind, wanted)
  },
  layer: (tree, value) => {
    const range = layersOfQuery(`layer:${value}`)
    if (range === undefined) throw new FilterProblem('Say layer:2, layer:1-3 or layer:after:1.')
    const { side, first, last } = range
    return between(side === 'after' ? tree.afterLayer : tree.beforeLayer, first, last)
  },
  class: (_tree, value, classes) => {
    const wanted = ledgerClasses.findIndex((each) => each.toLowerCase() === value)
    if (wanted < 0) throw new FilterProblem(`Classes are ${ledgerClasses.join(', ')}.`)
    return equal(known(classes).ledger, wanted)
  },
  // By the whole name, so that package:gcc is not also gcc-12-base.
  package: (_tree, value, classes) => {
    const { package: column, packageNames } = known(classes)
    const wanted = new Set(packageNames.flatMap((name, at) => (name.toLowerCase() === value ? [at] : [])))
    const mask = new Uint8Array(column.length)
    for (let node = 0; node < mask.length; node++) if (wanted.has(column[node]!)) mask[node] = 1
    return mask
  },
}

const labelWord = (kind: (typeof pathKinds)[number]): string => pathKindLabel[kind].toLowerCase()

function known(classes: SearchClasses | undefined): SearchClasses {
  if (classes === undefined) throw new FilterProblem('The images’ files are still being looked into.')
  return classes
}
