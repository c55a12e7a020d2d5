import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { LocalImageStore } from '../../electron/engine/store/image-store'
import type { SavedPage } from '../../electron/ipc/saved-page'
import { cutaway } from '../support/cli'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'
import { makeShop } from '../support/shop'

const engine = await engineOrSkip()

/** The made project; it and its images go with the test. */
function shopOfTest(): ReturnType<typeof makeShop> {
  const shop = makeShop()
  onTestFinished(async () => {
    await removeImages(engine!.client, shop.folder)
    shop.remove()
  })
  return shop
}

describe.skipIf(engine === undefined)('cutaway compare --save', () => {
  test('keeps what it printed: opened, the file has the same report, facts and classes, and no content', async () => {
    const { folder } = shopOfTest()
    const file = join(makeFolder({}), 'shop.cutaway')
    const { code, out } = await cutaway(['compare', folder, '--json', '--save', file])
    expect(code).toBe(0)
    const report = JSON.parse(out) as CompareReport
    const store = new LocalImageStore()
    const opened = (await store.openSaved(file))!
    const page = opened.page as SavedPage
    const places = { project: basename(folder), engine: { ...report.engine, address: '' } }
    expect(JSON.parse(JSON.stringify(page.view.report))).toEqual({ ...report, ...places })
    expect(JSON.stringify(page)).not.toContain(dirname(folder))
    expect(page.build!.variants.after.text).toContain('COPY --from=build /app /app')
    expect(page.build!.result.after).toMatchObject({ ok: true, imageId: report.variants[1]!.imageId })
    expect(page.build!.stages!.after.nodeBytes['stage:1']).toBe(report.variants[1]!.unpackedBytes)
    expect(page.examination!.ledger).toEqual(report.comparison.ledger)
    expect(opened.facts.before.unpackedBytes).toBe(report.variants[0]!.unpackedBytes)
    expect((await store.classes(opened.comparisonId)).length).toBeGreaterThan(600)
    const options = { signal: new AbortController().signal }
    const request = { node: 5, side: 'before', limitBytes: 10 } as const
    await expect(store.file(opened.comparisonId, request, options)).rejects.toMatchObject({
      failure: { code: 'file-unreadable', problem: 'a saved comparison keeps no content of files' },
    })
  })

  test('--report writes a page that has the same, --markdown prints the verdict first', async () => {
    const { folder } = shopOfTest()
    const report = join(makeFolder({}), 'shop.html')
    const { code, out } = await cutaway(['compare', folder, '--markdown', '--report', report])
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^## The multi-stage image is 16 times smaller/),
    ])
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/)
    const opened = (await new LocalImageStore().openSaved(report))!
    expect(opened.facts.after.entries).toBe(132)
    expect((opened.page as SavedPage).build!.variants.after.text).toContain('COPY --from=build /app /app')
    const refused = await cutaway(['compare', folder, '--report', '/no/such/folder/x.html'])
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/cannot be written/)])
  })
})
