import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Input } from '../../electron/ipc/contract'
import { startPage } from '../../renderer/app/start'
import { nextTheme, restoreTheme } from '../../renderer/app/theme'
import {
  buildBenchmark,
  buildBoth,
  compareBenchmarked,
  failureText,
  pointAtStep,
  selectStep,
  toggleBenchmarked,
} from '../../renderer/build/building'
import { analyze, cancelBuild, inspectImage, openImages } from '../../renderer/compare/comparing'
import { exportFormats } from '../../renderer/compare/export-formats'
import { closeFile, openFile, openHidden, saveEntry } from '../../renderer/compare/file-content'
import { runBoth, scanBoth, timeBoth } from '../../renderer/findings/measurements'
import { chooseVariant, editVariant, newestText, revertVariant, saveVariant } from '../../renderer/shared/choices'
import { chooseEngine, listEngines, listImages, refreshEngine, watchEngine } from '../../renderer/shared/engine'
import { resultOf } from '../../renderer/shared/job'
import {
  analysisIn,
  benchmarkedIds,
  buildIn,
  comparedIn,
  comparisonFailure,
  comparisonOfBuild,
  isReachable,
  reportIn,
  shownStep,
  snapshotOf,
  wholeReport,
} from '../../renderer/shared/selectors'
import { steps } from '../../renderer/shared/workspace'
import {
  dropFile,
  forgetRecent,
  openFileDialog,
  openFolderDialog,
  openPath,
  openProject,
} from '../../renderer/source/opening'
import { type Answers, cancelled, deferred, type FakePage, fakePage, ok, refused, settle } from '../support/fake-page'
import {
  appState,
  buildResult,
  built,
  comparison,
  engine,
  examination,
  noEngine,
  project,
  snapshot,
  variant,
} from '../support/page-values'

const reachable = ({ page }: FakePage): string[] => steps.filter((step) => isReachable(page.state.get(), step))

/** A page with an open project, over a host that builds and compares. */
async function withProject(more: Answers = {}): Promise<FakePage> {
  const { answers } = await comparison()
  const fake = fakePage({ ...answers, 'variant.build': () => ok(buildResult()), ...more })
  fake.page.workspace.change({ app: appState(), engine, project: project(), step: 'variants' })
  return fake
}

describe('building and comparing', () => {
  test('build, comparison, analysis and stage sizes follow one another; each step can be opened when it has something', async () => {
    const building = deferred<ReturnType<typeof buildResult>>()
    const fake = await withProject({ 'variant.build': () => building.promise })
    const { page, names } = fake
    expect(reachable(fake)).toEqual(['source', 'variants'])
    const done = buildBoth(page, true)
    await settle()
    expect([page.workspace.get().step, ...reachable(fake)]).toEqual(['build', 'source', 'variants', 'build'])
    building.reply(ok(buildResult()))
    await done
    expect(names()).toEqual([
      'variant.build',
      'build.log',
      'comparison.open',
      'comparison.tree',
      'comparison.examine',
      'comparison.classes',
      'build.stages',
    ])
    expect(fake.host.asked[0]!.input).toMatchObject({
      path: '/work/shop',
      before: { id: 'file:Dockerfile.before' },
      after: { id: 'file:Dockerfile.after' },
      noCache: true,
    })
    expect([page.workspace.get().step, ...reachable(fake)]).toEqual(['compare', ...steps])
    expect(comparedIn(page.state.get())?.buildId).toBe(buildIn(page.state.get())?.id)
    expect(comparisonOfBuild(page.state.get())).toBe(comparedIn(page.state.get())?.view)
  })

  test('progress of the engine is shown until the next step of the build', async () => {
    const { page, progress } = await withProject({ 'variant.build': () => new Promise(() => undefined) })
    void buildBoth(page, false)
    await settle()
    const build = () => buildIn(page.state.get())!
    expect(snapshotOf(build(), 'before').steps.map(({ state }) => state)).toEqual(['queued', 'queued'])
    const { id } = build()
    progress({ kind: 'message', text: 'pulling' }, id)
    expect(build()).toMatchObject({ progress: { message: 'pulling' } })
    progress({ kind: 'build', role: 'before', snapshot: snapshot('done', 'running') }, id)
    expect(build()).toMatchObject({ progress: { message: undefined } })
    expect(snapshotOf(build(), 'before').steps.map(({ state }) => state)).toEqual(['done', 'running'])
    expect(shownStep(page.state.get())).toEqual({ role: 'before', at: 1 })
  })

  test('a cancelled build keeps how far it came, compares nothing, and asks for the engine again', async () => {
    const building = deferred<ReturnType<typeof buildResult>>()
    const { page, names, progress } = await withProject({ 'variant.build': () => building.promise })
    const done = buildBoth(page, false)
    await settle()
    const { id } = buildIn(page.state.get())!
    progress({ kind: 'build', role: 'after', snapshot: snapshot('done', 'running') }, id)
    await cancelBuild(page)
    expect(names().filter((name) => name === 'job.cancel')).toHaveLength(1)
    building.reply(cancelled)
    await done
    expect(buildIn(page.state.get())?.kind).toBe('cancelled')
    expect(snapshotOf(buildIn(page.state.get())!, 'after').steps[1]!.state).toBe('running')
    expect(names()).not.toContain('comparison.open')
    expect(names().at(-1)).toBe('engine.status')
  })

  test('a build that is refused says why', async () => {
    const { page } = await withProject({ 'variant.build': () => refused('the folder is gone') })
    await buildBoth(page, false)
    expect(buildIn(page.state.get())).toMatchObject({ kind: 'failed', failure: { problem: 'the folder is gone' } })
  })

  test('of two variants of which one failed nothing is compared; the other image can be looked into', async () => {
    const failed = {
      ok: false,
      role: 'before',
      failure: { code: 'bad-input', problem: 'no gcc' },
      snapshot: snapshot('done', 'failed'),
    } as const
    const { page, names, host } = await withProject({ 'variant.build': () => ok(buildResult({ before: failed })) })
    await buildBoth(page, false)
    expect(names()).not.toContain('comparison.open')
    expect(shownStep(page.state.get())).toEqual({ role: 'before', at: 1 })
    expect(await failureText(page, 'before')).toContain('no gcc')
    expect(await failureText(page, 'before')).toContain('line of step 1')
    expect(await failureText(page, 'after')).toBe('')
    await inspectImage(page, built('after').ok ? 'cutaway/shop:after' : '')
    expect(host.asked.find(({ name }) => name === 'image.open')?.input).toMatchObject({ before: 'cutaway/shop:after' })
    expect(buildIn(page.state.get())?.kind).toBe('done')
    expect(comparedIn(page.state.get())).toBeDefined()
    expect(comparisonOfBuild(page.state.get())).toBeUndefined()
    expect(page.workspace.get().project).toBeDefined()
  })

  test('a second build takes the place of the first; the first reply comes to nothing', async () => {
    const first = deferred<ReturnType<typeof buildResult>>()
    const { page, host } = await withProject({ 'variant.build': () => first.promise })
    const replaced = buildBoth(page, false)
    await settle()
    host.answers['variant.build'] = () => new Promise(() => undefined)
    void buildBoth(page, false)
    await settle()
    first.reply(ok(buildResult()))
    await replaced
    expect(buildIn(page.state.get())?.kind).toBe('running')
    expect(comparedIn(page.state.get())).toBeUndefined()
  })

  test('the last sizes are those of the comparison before the build', async () => {
    const { page } = await withProject()
    await buildBoth(page, false)
    expect(page.workspace.get().lastSizes).toBeUndefined()
    await buildBoth(page, false)
    expect(page.workspace.get().lastSizes).toMatchObject({ folder: '/work/shop', before: expect.any(Number) })
  })

  test('a comparison that fails, or is cancelled, says so in the build', async () => {
    const fake = await withProject({ 'comparison.open': () => refused('the image is gone') })
    await buildBoth(fake.page, false)
    expect(comparisonFailure(fake.page.state.get())).toEqual({ code: 'bad-input', problem: 'the image is gone' })
    fake.host.answers['comparison.open'] = () => cancelled
    await buildBoth(fake.page, false)
    expect(comparisonFailure(fake.page.state.get())).toEqual({ code: 'cancelled' })
    expect(reachable(fake)).not.toContain('compare')
  })

  test('reading is told by its progress; the tree of a replaced comparison is not shown', async () => {
    const { answers, view } = await comparison()
    const opened = deferred<typeof view>()
    const { page, progress } = fakePage({ ...answers, 'image.open': () => opened.promise })
    const first = openImages(page, 'one', undefined)
    await settle()
    progress({ kind: 'read', readBytes: 5, expectedBytes: 10 })
    expect(page.jobs.comparison.slot.get()).toMatchObject({ progress: { readBytes: 5, expectedBytes: 10 } })
    void openImages(page, 'two', undefined)
    opened.reply(ok(view))
    await first
    await settle()
    expect(page.jobs.comparison.slot.get()).toMatchObject({ kind: 'done', subject: { before: 'two' } })
  })
})

describe('the analysis', () => {
  test('can be stopped and asked for again; the map stays', async () => {
    const { answers } = await comparison()
    const fake = fakePage({ ...answers, 'image.examine': () => cancelled })
    const { page, host } = fake
    await openImages(page, 'before', 'after')
    expect(analysisIn(page.state.get()).kind).toBe('cancelled')
    expect(comparedIn(page.state.get())).toBeDefined()
    expect(reportIn(page.state.get())?.comparison.ledger).toBeNull()
    host.answers['image.examine'] = () => ok(examination())
    await analyze(page)
    expect(analysisIn(page.state.get()).kind).toBe('done')
    expect(reportIn(page.state.get())?.comparison.ledger).toEqual([])
    expect(host.asked.filter(({ name }) => name === 'image.examine').map(({ input }) => input)).toEqual([
      { jobId: expect.any(String), comparisonId: 'comparison-1' },
      { jobId: expect.any(String), comparisonId: 'comparison-1' },
    ])
  })

  test('of another comparison counts for nothing', async () => {
    const { answers } = await comparison()
    const { page } = fakePage(answers)
    await openImages(page, 'before', 'after')
    const { answers: others } = await comparison({ comparisonId: 'comparison-2' })
    const other = fakePage({ ...others, 'image.examine': () => new Promise(() => undefined) }).page
    void openImages(other, 'before', 'after')
    await settle()
    other.jobs.analysis.slot.set(page.jobs.analysis.slot.get())
    expect(analysisIn(other.state.get()).kind).toBe('idle')
    expect(reportIn(other.state.get())?.comparison.ledger).toBeNull()
  })

  test('that fails says why, and is no reason to hide the map', async () => {
    const { answers } = await comparison()
    const { page } = fakePage({ ...answers, 'comparison.classes': () => refused('too old') })
    await openImages(page, 'before', 'after')
    expect(comparisonFailure(page.state.get())).toEqual({ code: 'bad-input', problem: 'too old' })
    expect(comparedIn(page.state.get())).toBeDefined()
  })
})

describe('a saved comparison', () => {
  test('brings its build, its stage sizes and what was measured', async () => {
    const saved = {
      build: { variants: project().variants, result: buildResult(), stages: null },
      examination: examination(),
    }
    const { answers, view } = await comparison({ origin: 'saved', saved })
    const scan = { scanner: 'grype', before: { counts: {}, worst: [] }, after: { counts: {}, worst: [] } }
    const report = { ...view.report, vulnerabilities: scan as never }
    const { page, names } = fakePage({ ...answers, 'image.open': () => ok({ ...view, report }) })
    await openPath(page, '/shop.cutaway')
    expect(names()).toEqual(['image.open', 'comparison.tree', 'comparison.classes'])
    expect(buildIn(page.state.get())).toMatchObject({ id: 'comparison-1', subject: { isSaved: true } })
    expect(comparedIn(page.state.get())?.buildId).toBe('comparison-1')
    expect(analysisIn(page.state.get()).kind).toBe('done')
    expect(wholeReport(page.state.get())?.vulnerabilities).toBe(scan)
  })

  test('that was not analyzed is not analyzed now', async () => {
    const { answers, view } = await comparison({ origin: 'saved', saved: { build: undefined, examination: undefined } })
    const { page, names } = fakePage({ ...answers, 'image.open': () => ok(view) })
    await openPath(page, '/shop.cutaway')
    expect(names()).toEqual(['image.open', 'comparison.tree'])
    expect(analysisIn(page.state.get()).kind).toBe('idle')
  })
})

describe('what is measured afterwards', () => {
  test('is about its comparison, by the ids that the contract asks for', async () => {
    const { page, host } = await withProject({
      'comparison.run': () => refused('run'),
      'comparison.scan': () => cancelled,
      'comparison.matrix': () => refused('times'),
    })
    const request = { input: '', seconds: 10, port: undefined, path: '/', hasNetwork: false }
    await runBoth(page, 'comparison-1', request)
    await scanBoth(page, 'comparison-1')
    await timeBoth(page, { comparisonId: 'comparison-1', buildId: 'build-1', runs: 3 })
    const jobId = expect.any(String)
    expect(host.asked).toEqual([
      { name: 'comparison.run', input: { jobId, comparisonId: 'comparison-1', request } },
      { name: 'comparison.scan', input: { jobId, comparisonId: 'comparison-1' } },
      { name: 'comparison.matrix', input: { jobId, buildId: 'build-1', runs: 3 } },
    ])
    const { run, scan, buildTimes } = page.state.get().jobs
    expect([run.kind, scan.kind, buildTimes.kind]).toEqual(['failed', 'cancelled', 'failed'])
  })
})

describe('several variants side by side', () => {
  test('all but copies are ticked; the ticks are of their folder; two that were built are compared', async () => {
    const rungs = [
      {
        id: 'file:Dockerfile.before',
        title: 'before',
        isEdited: false,
        outcome: { ok: false, failure: { code: 'cancelled' } },
      },
    ] as const
    const { page, host, progress, names } = await withProject({
      'ladder.build': () => new Promise(() => undefined),
      'ladder.pair': () => ok({ variants: project().variants, result: buildResult() }),
    })
    expect(benchmarkedIds(page.state.get())).toEqual(['file:Dockerfile.before', 'file:Dockerfile.after'])
    toggleBenchmarked(page, 'file:Dockerfile.after')
    toggleBenchmarked(page, 'copy:Dockerfile.before')
    expect(benchmarkedIds(page.state.get())).toEqual(['file:Dockerfile.before', 'copy:Dockerfile.before'])
    void buildBenchmark(page, true)
    await settle()
    expect(host.asked.at(-1)).toMatchObject({
      name: 'ladder.build',
      input: {
        path: '/work/shop',
        choices: [{ id: 'file:Dockerfile.before' }, { id: 'copy:Dockerfile.before' }],
        noCache: true,
      },
    })
    progress({ kind: 'ladder', rungs })
    expect(page.state.get().jobs.benchmark).toMatchObject({ kind: 'running', progress: { rungs } })
    await compareBenchmarked(page, 0, 1)
    expect(names()).not.toContain('ladder.pair')
    host.answers['ladder.build'] = () => ok(rungs)
    await buildBenchmark(page, false)
    await compareBenchmarked(page, 0, 1)
    const benchmark = page.state.get().jobs.benchmark
    const paired = host.asked.find(({ name }) => name === 'ladder.pair')?.input
    expect(paired).toMatchObject({ ladderId: benchmark.kind === 'idle' ? '' : benchmark.id, before: 0, after: 1 })
    expect(buildIn(page.state.get())).toMatchObject({ kind: 'done', id: (paired as { buildId: string }).buildId })
    expect(page.workspace.get().step).toBe('compare')
    page.workspace.change({ project: project({ folder: '/work/other' }) })
    expect(benchmarkedIds(page.state.get())).toEqual(['file:Dockerfile.before', 'file:Dockerfile.after'])
  })
})

describe('the log', () => {
  test('is of the step under the pointer, else of the chosen one, else of the one worth seeing', async () => {
    const { page } = await withProject()
    await buildBoth(page, false)
    const shown = async () => {
      await settle()
      return [shownStep(page.state.get()), page.workspace.get().log]
    }
    expect(await shown()).toEqual([{ role: 'before', at: 1 }, ['line of step 1']])
    selectStep(page, { role: 'after', at: 0 })
    expect(await shown()).toEqual([{ role: 'after', at: 0 }, ['line of step 0']])
    pointAtStep(page, { role: 'after', at: 1 })
    expect(await shown()).toEqual([{ role: 'after', at: 1 }, ['line of step 1']])
    pointAtStep(page, undefined)
    expect(await shown()).toEqual([{ role: 'after', at: 0 }, ['line of step 0']])
  })

  test('that comes after the pointer went on is not shown, and the newer one is asked for', async () => {
    const late = deferred<readonly string[]>()
    const { page, host } = await withProject()
    await buildBoth(page, false)
    host.answers['build.log'] = () => late.promise
    selectStep(page, { role: 'before', at: 0 })
    selectStep(page, { role: 'after', at: 1 })
    host.answers['build.log'] = ({ role, step }) => ok([`${role} ${step}`])
    late.reply(ok(['late']))
    await settle()
    expect(page.workspace.get().log).toEqual(['after 1'])
  })
})

describe('the project', () => {
  test('is opened in place of the one before, with the choices that are still offered', async () => {
    const { page, names, host } = await withProject({
      'project.open': () =>
        ok(
          project({
            variants: { before: variant('before'), after: variant('after', { id: 'copy:Dockerfile.before' }) },
          }),
        ),
      'recent.state': () => ok([{ path: '/work/shop', openedMs: 1 }]),
      'variant.view': ({ role, choice }) => ok(variant(role, { id: choice.id })),
    })
    await buildBoth(page, false)
    host.asked.length = 0
    await openProject(page, '/work/shop')
    expect(names()).toEqual(['project.open', 'variant.view', 'recent.state'])
    expect(page.workspace.get().project?.variants.after.id).toBe('file:Dockerfile.after')
    expect([buildIn(page.state.get()), comparedIn(page.state.get())]).toEqual([undefined, undefined])
    expect(page.workspace.get()).toMatchObject({ step: 'variants', opening: { kind: 'idle' } })
  })

  test('that cannot be opened leaves the one before, and says why', async () => {
    const { page } = await withProject({ 'project.open': () => refused('no Dockerfile') })
    await openProject(page, '/work/empty')
    expect(page.workspace.get()).toMatchObject({
      step: 'source',
      opening: { kind: 'failed', failure: { problem: 'no Dockerfile' } },
      project: { folder: '/work/shop' },
    })
  })

  test('of two that are opened at once the later one stays', async () => {
    const slow = deferred<ReturnType<typeof project>>()
    const { page } = await withProject({
      'project.open': ({ path }) => (path === '/slow' ? slow.promise : ok(project({ folder: path }))),
      'recent.state': () => ok([]),
    })
    const first = openProject(page, '/slow')
    await openProject(page, '/fast')
    slow.reply(ok(project({ folder: '/slow' })))
    await first
    expect(page.workspace.get().project?.folder).toBe('/fast')
  })

  test('a folder is chosen with the dialog of the host, or in the page', async () => {
    const fake = await withProject({
      'folder.choose': () => ok('/work/chosen'),
      'project.open': ({ path }) => ok(project({ folder: path })),
      'recent.state': () => ok([]),
      'file.choose': () => ok(undefined),
    })
    await openFolderDialog(fake.page)
    expect(fake.page.workspace.get()).toMatchObject({ step: 'source', picking: { droppedName: undefined } })
    fake.page.workspace.change({ app: appState({ host: 'electron' }) })
    await openFolderDialog(fake.page)
    expect(fake.page.workspace.get()).toMatchObject({ project: { folder: '/work/chosen' }, picking: undefined })
    await openFileDialog(fake.page)
    expect(fake.names().at(-1)).toBe('file.choose')
  })

  test('what is dropped is opened by its path, or asked for by its name', async () => {
    const { page, host } = await withProject({ 'image.open': () => refused('not an image') })
    await dropFile(page, { name: 'shop' })
    expect(page.workspace.get().picking).toEqual({ droppedName: 'shop' })
    await dropFile(page, { name: 'image.tar', path: '/image.tar' } as { name: string })
    expect(host.asked.at(-1)).toMatchObject({ name: 'image.open', input: { before: '/image.tar' } })
    expect(page.workspace.get().project).toBeUndefined()
  })

  test.each([
    ['/a/shop', 'project.open'],
    ['/a/Dockerfile', 'project.open'],
    ['/a/image.tar', 'image.open'],
    ['/a/image.tar.gz', 'image.open'],
    ['/a/IMAGE.TGZ', 'image.open'],
    ['/a/image.tar.zst', 'image.open'],
    ['/a/shop.cutaway', 'image.open'],
    ['/a/shop.cutaway.html', 'image.open'],
  ] as const)('the path %s is opened by %s', async (path, request) => {
    const { page, names } = fakePage({ 'project.open': () => refused('x'), 'image.open': () => refused('x') })
    await openPath(page, path)
    expect(names()).toEqual([request])
  })

  test('is forgotten at the host', async () => {
    const { page, host } = await withProject({ 'recent.forget': () => ok([]) })
    page.workspace.change({ recent: [{ path: '/a', openedMs: 1 }] })
    await forgetRecent(page, '/a')
    expect(page.workspace.get().recent).toEqual([])
    host.answers['recent.forget'] = () => refused('read-only')
    await forgetRecent(page, '/a')
    expect(page.workspace.get().opening).toMatchObject({ kind: 'failed', failure: { problem: 'read-only' } })
  })
})

/** What a host tells of a choice, with the user's own text. */
const viewed = (role: VariantRole, { id, text }: Input<'variant.view'>['choice']) =>
  variant(role, text === undefined ? { id } : { id, text, isEdited: true })

describe('the variants', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  test('an edit is kept at once, asked about after a pause, and can be taken back', async () => {
    const { page, host, names } = await withProject({
      'variant.view': ({ role, choice }) => ok(viewed(role, choice)),
    })
    const { after } = project().variants
    editVariant(page, 'after', { id: after.id, text: 'FROM a' })
    editVariant(page, 'after', { id: after.id, text: 'FROM alpine' })
    expect(newestText(page.workspace.get(), after)).toBe('FROM alpine')
    expect(names()).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(host.asked).toEqual([
      {
        name: 'variant.view',
        input: { path: '/work/shop', role: 'after', choice: { id: after.id, text: 'FROM alpine' } },
      },
    ])
    expect(page.workspace.get().project?.variants.after).toMatchObject({ text: 'FROM alpine', isEdited: true })
    await revertVariant(page, 'after', after.id)
    expect(host.asked.at(-1)?.input).toMatchObject({ choice: { id: after.id } })
    expect(page.workspace.get().project?.variants.after.isEdited).toBe(false)
  })

  test('a build asks about the newest edit first, and is sent it', async () => {
    const { page, host, names } = await withProject({
      'variant.view': ({ role, choice }) => ok(viewed(role, choice)),
      'variant.build': () => cancelled,
    })
    editVariant(page, 'after', { id: 'file:Dockerfile.after', text: 'FROM alpine' })
    await buildBoth(page, false)
    expect(names().slice(0, 2)).toEqual(['variant.view', 'variant.build'])
    expect(host.asked[1]!.input).toMatchObject({
      before: { id: 'file:Dockerfile.before' },
      after: { id: 'file:Dockerfile.after', text: 'FROM alpine' },
    })
  })

  test('a build waits for the answer about an edit that was asked about already', async () => {
    const slow = deferred<ReturnType<typeof variant>>()
    const { page, host, names } = await withProject({
      'variant.view': () => slow.promise,
      'variant.build': () => cancelled,
    })
    const edit = { id: 'file:Dockerfile.after', text: 'FROM alpine' }
    editVariant(page, 'after', edit)
    await vi.advanceTimersByTimeAsync(1000)
    const built = buildBoth(page, false)
    await vi.advanceTimersByTimeAsync(1000)
    expect(names()).toEqual(['variant.view'])
    slow.reply(ok(viewed('after', edit)))
    await built
    expect(host.asked[1]).toMatchObject({ name: 'variant.build', input: { after: edit } })
  })

  test('a late answer about an earlier choice changes nothing; a refusal is said', async () => {
    const late = deferred<ReturnType<typeof variant>>()
    const { page, host } = await withProject({ 'variant.view': () => late.promise })
    const first = chooseVariant(page, 'after', 'copy:Dockerfile.before')
    host.answers['variant.view'] = ({ role, choice }) => ok(variant(role, { id: choice.id, name: 'newest' }))
    await chooseVariant(page, 'after', 'file:Dockerfile.after')
    late.reply(ok(variant('after', { name: 'late' })))
    await first
    expect(page.workspace.get().project?.variants.after.name).toBe('newest')
    host.answers['variant.view'] = () => refused('not offered')
    await chooseVariant(page, 'before', 'copy:Dockerfile.before')
    expect(page.workspace.get().variantFailure).toMatchObject({ problem: 'not offered' })
  })

  test('are saved under their own name', () => {
    const { page, browser } = fakePage()
    saveVariant(page, { name: 'multi-stage', text: 'FROM a' })
    expect(browser.saved.map(({ name }) => name)).toEqual(['Dockerfile.multi-stage'])
  })
})

describe('files', () => {
  const entry = (fields = {}) =>
    ({
      kind: 'file',
      contentBytes: 3,
      mode: '0644',
      uid: 0,
      gid: 0,
      mtime: 0,
      linkTarget: undefined,
      layer: 0,
      checksum: 'c',
      ...fields,
    }) as const
  const opened = { kind: 'entry', comparisonId: 'comparison-1', node: 4 } as const
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  test('both sides are read; the same content only once; a side that fails leaves the other', async () => {
    const sides: string[] = []
    const fake = fakePage({
      'comparison.entry': () => ok({ path: '/a', before: entry(), after: entry({ checksum: 'd' }) }),
      'comparison.file': ({ side }) => {
        sides.push(side)
        return side === 'before' ? ok(bytes('abc')) : refused('too large')
      },
    })
    await openFile(fake.page, opened)
    expect(resultOf(fake.page.state.get().jobs.file)).toMatchObject({
      before: { ok: true, value: { text: 'abc', isCut: false } },
      after: { ok: false },
    })
    expect(sides).toEqual(['before', 'after'])
    fake.host.answers['comparison.entry'] = () => ok({ path: '/a', before: entry(), after: entry() })
    await openFile(fake.page, opened)
    expect(sides).toEqual(['before', 'after', 'before'])
  })

  test('that are closed while they are read are cancelled at the host, and stay closed', async () => {
    const content = deferred<Uint8Array>()
    const { answers } = await comparison()
    const { page, progress, names } = fakePage({ ...answers, 'comparison.hidden': () => content.promise })
    await openImages(page, 'before', 'after')
    openHidden(page, 'before', {
      path: '/root/.key',
      layer: 1,
      node: 7,
      contentBytes: 3,
      createdBy: '',
      secret: null,
      isInOther: false,
    } as never)
    await settle()
    progress({ kind: 'read', readBytes: 1, expectedBytes: 2 })
    expect(page.state.get().jobs.file).toMatchObject({ kind: 'running', progress: { readBytes: 1 } })
    closeFile(page)
    expect(names().at(-1)).toBe('job.cancel')
    content.reply(ok(bytes('abc')))
    await settle()
    expect(page.state.get().jobs.file.kind).toBe('idle')
  })

  test('are saved whole under their own name; what is too large is refused without asking', async () => {
    const { page, browser, names } = fakePage({ 'comparison.file': () => ok(bytes('abc')) })
    const detail = { path: '/etc/shop.conf', before: entry(), after: entry({ contentBytes: 300_000_000 }) }
    expect(await saveEntry(page, opened, { detail, side: 'before' })).toBeUndefined()
    expect(browser.saved.map(({ name }) => name)).toEqual(['shop.conf'])
    expect(await saveEntry(page, opened, { detail, side: 'after' })).toMatchObject({ code: 'file-unreadable' })
    expect(names()).toEqual(['comparison.file'])
  })
})

describe('saving', () => {
  const save = (id: string, page: FakePage['page'], includesSecrets = true) =>
    exportFormats.find((format) => format.id === id)!.save(page, { includesSecrets })

  test('the data has all that was measured, and the findings with what they cost', async () => {
    const finding = { rule: 'DL3009', severity: 'info', line: 2, what: 'a', why: 'b', fix: 'c' } as const
    const variants = { before: variant('before', { findings: [finding] as never }), after: variant('after') }
    const { page, browser } = await withProject({
      'comparison.examine': () => ok(examination({ savings: { before: { DL3009: 7 }, after: {} } })),
    })
    page.workspace.change({ project: project({ variants }) })
    await buildBoth(page, false)
    await save('save-data', page)
    const data = JSON.parse(await browser.saved[0]!.content.text())
    expect(data.variants[0].findings).toEqual([{ ...finding, bytes: 7 }])
    expect(data.comparison.ledger).toEqual([])
    await save('save-summary', page)
    expect(await browser.saved[1]!.content.text()).toContain('| ')
    expect(browser.saved.map(({ content }) => content.type)).toEqual(['application/json', 'text/markdown'])
  })

  test('values that look like secrets are saved only when they are asked for', async () => {
    const secret = { rule: 'DL3009', severity: 'info', line: 2, what: 'the token is hunter2secret', why: 'b', fix: 'c' }
    const variants = { before: variant('before', { findings: [secret] as never }), after: variant('after') }
    const { page, browser, host } = await withProject({ 'comparison.secrets': () => ok(['hunter2secret']) })
    page.workspace.change({ project: project({ variants }) })
    await buildBoth(page, false)
    await save('save-data', page, false)
    await save('save-data', page, true)
    const saved = await Promise.all(browser.saved.map(({ content }) => content.text()))
    expect(saved.map((text) => text.includes('hunter2secret'))).toEqual([false, true])
    host.answers['comparison.save'] = () => ok(new Uint8Array([1]))
    await save('save-comparison', page, false)
    expect(host.asked.at(-1)?.input).toMatchObject({ includesSecrets: false })
  })

  test('what the host cannot make is said, and the next success takes that back', async () => {
    const { page, host, browser } = await withProject({ 'comparison.save': () => refused('the disk is full') })
    await buildBoth(page, false)
    await save('save-comparison', page)
    expect(page.workspace.get().saveFailure).toMatchObject({ problem: 'the disk is full' })
    expect(browser.saved).toEqual([])
    host.answers['comparison.save'] = () => ok(new Uint8Array([1]))
    await save('save-comparison', page)
    expect(page.workspace.get().saveFailure).toBeUndefined()
    expect(browser.saved.map(({ name }) => name)).toEqual(['shop.cutaway'])
  })

  test('the file is named after the images where there is no project', async () => {
    const { answers, view } = await comparison()
    const report = { ...view.report, project: '' }
    const { page, browser } = fakePage({
      ...answers,
      'image.open': () => ok({ ...view, report }),
      'comparison.save': () => ok(new Uint8Array()),
    })
    await openImages(page, 'a', 'b')
    await save('save-comparison', page)
    expect(browser.saved[0]!.name).toBe('traditional-and-multi-stage.cutaway')
  })
})

describe('the engine', () => {
  afterEach(() => vi.useRealTimers())

  test('a late answer about the engine before does not undo a choice', async () => {
    const late = deferred<typeof noEngine>()
    const { page, host } = fakePage({ 'engine.status': () => late.promise, 'engine.choose': () => ok(engine) })
    const refreshing = refreshEngine(page)
    await chooseEngine(page, 'unix:///other.sock')
    expect(host.asked.at(-1)?.input).toEqual({ address: 'unix:///other.sock' })
    late.reply(ok(noEngine))
    await refreshing
    expect(page.workspace.get().engine).toBe(engine)
    host.answers['engine.choose'] = () => refused('no such socket')
    await chooseEngine(page, undefined)
    expect(host.asked.at(-1)?.input).toEqual({})
    expect(page.workspace.get()).toMatchObject({ engine, engineProblem: { problem: 'no such socket' } })
  })

  test('is asked for again and again while the page is seen, one question at a time', async () => {
    vi.useFakeTimers()
    const answer = deferred<typeof engine>()
    const { page, names, browser } = fakePage({ 'engine.status': () => answer.promise })
    const stop = watchEngine(page)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(names()).toEqual(['engine.status'])
    answer.reply(ok(engine))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(names()).toHaveLength(2)
    browser.isShown = false
    await vi.advanceTimersByTimeAsync(20_000)
    stop()
    browser.isShown = true
    await vi.advanceTimersByTimeAsync(20_000)
    expect(names()).toHaveLength(2)
  })

  test('that does not answer has no list of engines and images', async () => {
    const { page } = fakePage({ 'engine.list': () => refused('x'), 'image.list': () => refused('x') })
    expect([await listEngines(page), await listImages(page)]).toEqual([[], []])
  })
})

test('the theme goes from the system’s to light, to dark and round, and is found again', () => {
  const { page, browser } = fakePage()
  browser.keptTheme = 'dark'
  restoreTheme(page)
  for (let presses = 0; presses < 3; presses++) nextTheme(page)
  expect(browser.themes).toEqual(['dark', 'system', 'light', 'dark'])
  expect([browser.keptTheme, page.workspace.get().theme]).toEqual(['dark', 'dark'])
})

describe('the start', () => {
  afterEach(() => vi.useRealTimers())

  test('asks the host what it is, and opens the folder that was named', async () => {
    vi.useFakeTimers()
    const { page, names, host } = fakePage({
      'app.state': () => ok(appState({ initialPath: '/work/shop' })),
      'project.open': () => ok(project()),
      'recent.state': () => ok([]),
    })
    await startPage(page)
    expect(names()).toEqual(['app.state', 'project.open', 'recent.state'])
    expect(page.workspace.get()).toMatchObject({ engine, step: 'variants' })
    host.answers['image.open'] = () => refused('no')
    host.emit({ kind: 'open', path: '/image.tar' })
    await vi.advanceTimersByTimeAsync(0)
    expect(names()).toContain('image.open')
  })

  test('of a report opens its comparison and watches no engine', async () => {
    vi.useFakeTimers()
    const { answers } = await comparison()
    const { page, names } = fakePage({ ...answers, 'app.state': () => ok(appState({ host: 'report' })) })
    await startPage(page)
    expect(names().slice(0, 2)).toEqual(['app.state', 'image.open'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(names()).not.toContain('engine.status')
  })

  test('without a host says so', async () => {
    const { page } = fakePage({ 'app.state': () => ({ ok: false, failure: { code: 'host-lost', detail: 'gone' } }) })
    await startPage(page)
    expect(page.workspace.get().opening).toMatchObject({ kind: 'failed', failure: { code: 'host-lost' } })
  })
})
