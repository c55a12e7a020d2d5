import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { packUnionTree } from '../../../electron/core/compare/pack-columns'
import { packComparison, unpackComparison } from '../../../electron/core/compare/saved-comparison'
import { layerProblem } from '../../../electron/core/image/check-layer'
import { comparisonFile, readComparisonFile } from '../../../electron/engine/store/comparison-file'
import { reportFile } from '../../../electron/engine/store/report-file'
import { isSavedPage } from '../../../electron/ipc/saved-page'
import { makeFolder } from '../../support/folder'
import { layer } from '../../support/tar'
import { indexOf } from '../../support/union'

const images = async () => ({
  before: await indexOf('before', [
    [
      ['usr/bin/tool', 'x'.repeat(500)],
      ['usr/lib/link', { link: '../bin/tool' }],
      ['gone', 'secret'],
    ],
    [
      ['.wh.gone', ''],
      ['usr/bin/other', { hardLink: 'usr/bin/none' }],
      ['ü/名前', 'n'],
    ],
  ]),
  after: await indexOf('after', [[['usr/bin/tool', 'x'.repeat(500)]]]),
})

const saved = async (folder: string, change: (bytes: Buffer) => Buffer = (bytes) => bytes): Promise<string> => {
  const path = join(folder, 'saved.cutaway')
  writeFileSync(path, change(Buffer.from(await comparisonFile({ ...(await images()), classes: undefined, page: 7 }))))
  return path
}

const page = (after: string): string => `<!doctype html><script id="comparison" type="text/plain"></script>${after}`

const marked = (packed: Buffer): Buffer =>
  Buffer.concat([Buffer.from('CUTAWAY1'), createHash('sha256').update(packed).digest(), packed])

test('a report has a comparison that is read from it; another page has none, a cut one is refused, a wrong template is said', async () => {
  const folder = makeFolder({ 'page.html': page('<b>$&</b>'), 'other.html': '<!doctype html><p>hello</p>' })
  const comparison = await comparisonFile({ ...(await images()), classes: undefined, page: 7 })
  const at = (name: string): string => join(folder, name)
  const report = Buffer.from(await reportFile(at('page.html'), comparison))
  writeFileSync(at('report.html'), report)
  expect((await readComparisonFile(at('report.html')))!.page).toBe(7)
  expect(report.toString()).toContain('<b>$&</b>')
  expect(await readComparisonFile(at('other.html'))).toBeUndefined()
  writeFileSync(at('cut.html'), report.subarray(0, report.length - 400))
  await expect(readComparisonFile(at('cut.html'))).rejects.toMatchObject({ failure: { code: 'comparison-invalid' } })
  await expect(reportFile(at('other.html'), comparison)).rejects.toThrow(/has not one place/)
})

test('what is saved is opened again: the same tree, node for node, classes and page', async () => {
  const { before, after } = await images()
  const { tree } = compareImages(before, after)
  const classes = {
    ledger: new Uint8Array(tree.parent.length).fill(3),
    package: new Int32Array(tree.parent.length).fill(-1),
  }
  const path = join(makeFolder({}), 'a.cutaway')
  writeFileSync(path, await comparisonFile({ before, after, classes, page: { verdict: 'ü' } }))
  const opened = (await readComparisonFile(path))!
  expect(opened.before).toEqual(before)
  expect(opened.after).toEqual(after)
  expect(opened.classes).toEqual(classes)
  expect(opened.page).toEqual({ verdict: 'ü' })
  expect(packUnionTree(compareImages(opened.before, opened.after).tree)).toEqual(packUnionTree(tree))
})

test('a file of another kind is none; a folder and what is not there are for others to say', async () => {
  const folder = makeFolder({ 'image.tar': 'x'.repeat(600), empty: '' })
  for (const name of ['image.tar', 'empty', '.', 'missing'])
    expect(await readComparisonFile(join(folder, name))).toBeUndefined()
})

test('one that is cut, damaged, of another version, or a bomb is refused with a reason', async () => {
  const folder = makeFolder({})
  const refusal = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
    const error = await readComparisonFile(await saved(folder, change), 1 << 20).catch((reason) => reason)
    expect(error).toMatchObject({ failure: { code: 'comparison-invalid' } })
    return error.message
  }
  expect(await refusal((bytes) => bytes.subarray(0, bytes.length - 9))).toMatch(/damaged, or not all of it/)
  expect(await refusal((bytes) => bytes.fill(1, 60, 61))).toMatch(/damaged/)
  expect(await refusal(() => marked(Buffer.from('no gzip')))).toMatch(/cannot be unpacked/)
  const packed = (bytes: Buffer): Buffer => gunzipSync(bytes.subarray(40))
  const renumbered = (bytes: Buffer): Buffer =>
    marked(gzipSync(Buffer.from(packed(bytes).toString('latin1').replace('"version":1', '"version":9'), 'latin1')))
  expect(await refusal(renumbered)).toMatch(/another version of Cutaway \(format 9\)/)
  expect(await refusal(() => marked(gzipSync(Buffer.alloc(2 ** 20 + 1))))).toMatch(/cannot be unpacked/)
  expect(readFileSync(join(folder, 'saved.cutaway')).length).toBeLessThan(2e6)
})

test('5,000 damaged packings: a clear refusal or a comparison each time, nothing else', async () => {
  const { before, after } = await images()
  const packed = packComparison({ before, after, classes: undefined, page: null })
  let refused = 0
  let random = 12345
  const next = (limit: number): number => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0
    return random % limit
  }
  for (let round = 0; round < 5000; round++) {
    const damaged = new Uint8Array(packed)
    for (let flips = 1 + next(3); flips > 0; flips--) damaged[next(damaged.length)] = next(256)
    try {
      const opened = unpackComparison(damaged)
      compareImages(opened.before, opened.after)
    } catch (error) {
      expect((error as Error).constructor.name).toBe('SavedProblem')
      refused++
    }
  }
  expect(refused).toBeGreaterThan(1000)
})

test('a table with an entry that is nowhere, of no kind, or a link that leads nowhere is no layer’s', async () => {
  const good = await layer([
    ['a/b', 'x'],
    ['l', { link: 'a' }],
  ])
  expect(layerProblem(good)).toBeUndefined()
  const spoiled = (change: (table: typeof good) => void): string | undefined => {
    const table = {
      ...good,
      parent: good.parent.slice(),
      nameId: good.nameId.slice(),
      kind: good.kind.slice(),
      link: good.link.slice(),
      contentBytes: good.contentBytes.slice(),
      mtime: good.mtime.slice(),
      flags: good.flags.slice(),
    }
    change(table)
    return layerProblem(table)
  }
  expect(spoiled(({ parent }) => parent.fill(2))).toMatch(/nowhere/)
  expect(spoiled(({ nameId }) => nameId.fill(99))).toMatch(/nowhere/)
  expect(spoiled(({ kind }) => kind.fill(77))).toMatch(/no kind/)
  expect(spoiled(({ contentBytes }) => contentBytes.fill(Number.NaN))).toMatch(/no kind/)
  expect(spoiled(({ link }) => link.fill(55))).toMatch(/leads nowhere/)
  expect(spoiled(({ mtime }) => mtime.fill(Number.NaN))).toMatch(/no time/)
  expect(spoiled(({ flags }) => flags.fill(77))).toMatch(/no kind/)
  const attributes = (node: number) => ({ ...good, xattrs: new Map([[node, new Map([['a', 'b']])]]) })
  expect([layerProblem(attributes(1)), layerProblem(attributes(99))]).toEqual([
    undefined,
    expect.stringMatching(/attribute/),
  ])
  expect(layerProblem({ ...good, mode: good.mode.slice(1) })).toMatch(/not complete/)
})

test('an image, a class or a package that cannot be is refused, not shown', async () => {
  const { before, after } = await images()
  const { length } = compareImages(before, after).tree.parent
  const classes = { ledger: new Uint8Array(length).fill(255), package: new Int32Array(length).fill(-1) }
  const page = { examination: { packages: [{}, {}] } }
  const good = { before, after, classes, page }
  expect(unpackComparison(packComparison(good)).classes).toEqual(classes)
  const image = (change: object): typeof before => ({ ...before, ...change })
  const odd = (value: unknown): never => value as never
  const bad = {
    'a class': { ...good, classes: { ...classes, ledger: classes.ledger.slice().fill(200) } },
    'a package': { ...good, classes: { ...classes, package: classes.package.slice().fill(2) } },
    'a package below': { ...good, classes: { ...classes, package: classes.package.slice().fill(-2) } },
    'an id': { ...good, before: image({ imageId: 7 }) },
    'a source': { ...good, before: image({ source: null }) },
    'no config': { ...good, before: image({ config: odd(null) }) },
    'an environment': {
      ...good,
      before: image({ config: { ...before.config, run: { ...before.config.run, env: { A: 1 } } } }),
    },
    'a command': {
      ...good,
      before: image({ config: { ...before.config, run: { ...before.config.run, command: 'x' } } }),
    },
    'a history': { ...good, before: image({ config: { ...before.config, history: [7] } }) },
    'an engine': { ...good, before: image({ engine: { diskBytes: 'x' } }) },
    'a base': { ...good, before: image({ engine: { diskBytes: 1, base: { name: 'a', layers: -1 } } }) },
    'a size': { ...good, before: image({ transferBytes: -5 }) },
    'an instruction': { ...good, before: image({ layers: before.layers.map((each) => ({ ...each, createdBy: 5 })) }) },
  }
  const accepted = Object.entries(bad).filter(([, comparison]) => {
    try {
      return unpackComparison(packComparison(comparison))
    } catch (error) {
      expect((error as Error).constructor.name).toBe('SavedProblem')
      return false
    }
  })
  expect(accepted.map(([name]) => name)).toEqual([])
})

test('what is said of a comparison must be what a page can show', () => {
  const variant = { name: 'a', role: 'before', dockerfile: 'D', reference: 'r', layers: [] }
  const page = {
    view: {
      report: { project: 'p', engine: { name: 'n' }, comparison: {}, standIns: [], variants: [variant, variant] },
    },
  }
  expect(isSavedPage(page)).toBe(true)
  const { report } = page.view
  for (const change of [
    { variants: [variant] },
    { variants: [variant, null] },
    { variants: [variant, { ...variant, layers: 'x' }] },
    { variants: [variant, { ...variant, name: 5 }] },
    { project: null },
    { engine: 'x' },
    { comparison: null },
    { standIns: 'x' },
  ])
    expect(isSavedPage({ view: { report: { ...report, ...change } } }), JSON.stringify(change)).toBe(false)
  for (const other of [undefined, null, 7, 'x', [], {}, { view: null }, { view: { report: null } }])
    expect(isSavedPage(other), JSON.stringify(other)).toBe(false)
})
