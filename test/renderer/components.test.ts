import { describe, expect, test } from 'vitest'
import { describeFailure } from '../../electron/core/describe-failure'
import { Palette, Shortcuts } from '../../renderer/app/command-palette'
import { EnginePicker } from '../../renderer/app/engine-picker'
import { ErrorBoundary } from '../../renderer/app/error-boundary'
import { Rail } from '../../renderer/app/rail'
import { TopBar } from '../../renderer/app/top-bar'
import { BuildView } from '../../renderer/build/build-view'
import { AnalysisStatus } from '../../renderer/compare/analysis-status'
import { CompareView } from '../../renderer/compare/compare-view'
import { analyze, openImages } from '../../renderer/compare/comparing'
import { search, toggleLayer } from '../../renderer/compare/explorer'
import { ExplorerBar } from '../../renderer/compare/explorer-bar'
import { ExplorerFoot } from '../../renderer/compare/explorer-foot'
import { moveSelection, zoomTo } from '../../renderer/compare/explorer-moves'
import { openFile } from '../../renderer/compare/file-content'
import { Opened } from '../../renderer/compare/file-window'
import { LayerPanel } from '../../renderer/compare/layer-panel'
import { Legend } from '../../renderer/compare/legend'
import { SaveMenu } from '../../renderer/compare/save-menu'
import { BuildTimesPanel } from '../../renderer/findings/build-times-panel'
import { FindingsView } from '../../renderer/findings/findings-view'
import { RunPanel } from '../../renderer/findings/run-panel'
import { ScanPanel } from '../../renderer/findings/scan-panel'
import type { Page } from '../../renderer/shared/page'
import { treeIn } from '../../renderer/shared/selectors'
import { steps } from '../../renderer/shared/workspace'
import { ImageOpener } from '../../renderer/source/image-opener'
import { SourceView } from '../../renderer/source/source-view'
import { colorings } from '../../renderer/treemap/colorings'
import { BenchmarkPanel } from '../../renderer/variants/benchmark-panel'
import { VariantsView } from '../../renderer/variants/variants-view'
import { type Answers, cancelled, deferred, fakePage, ok, refused, settle } from '../support/fake-page'
import {
  appState,
  buildResult,
  comparison,
  engine,
  examination,
  noEngine,
  project,
  snapshot,
  variant,
} from '../support/page-values'
import { render, textOf } from '../support/render'

/** A job that was started and does not end. */
const never = (): Promise<never> => new Promise(() => undefined)
const about = { comparisonId: 'comparison-1' }

async function compared(more: Answers = {}, fields: Parameters<typeof comparison>[0] = {}): Promise<Page> {
  const { answers } = await comparison(fields)
  const { page } = fakePage({ ...answers, ...more })
  await openImages(page, 'before', 'after')
  return page
}

describe('source', () => {
  test('empty: what can be dropped and opened', () => {
    const { page } = fakePage()
    const text = textOf(page, SourceView, {})
    expect(text).toContain('Drop a project folder, a Dockerfile, a saved image or a report here')
    expect(text).toContain('Choose folder …')
    expect(text).not.toContain('Recent')
  })

  test('busy: nothing else can be opened meanwhile', () => {
    const { page } = fakePage()
    page.workspace.change({ opening: { kind: 'opening' } })
    expect(textOf(page, SourceView, {})).toContain('Reading …')
    expect(render(page, SourceView, {})).toMatch(/disabled=""[^>]*>Reading …/)
  })

  test('error: why a folder was not opened, and that no engine answers', () => {
    const { page } = fakePage()
    const failure = { code: 'folder-missing', path: '/gone' } as const
    page.workspace.change({ opening: { kind: 'failed', failure }, engine: noEngine, app: appState({ sample: '/s' }) })
    const text = textOf(page, SourceView, {})
    expect(text).toContain('The folder /gone does not exist.')
    expect(text).toContain(describeFailure(failure).advice)
    expect(text).toContain('no engine answers')
    expect(text).toContain('Retry See a finished comparison')
  })

  test('a dropped folder is named, and asked for in the page', () => {
    const { page } = fakePage()
    page.workspace.change({ picking: { droppedName: 'shop' } })
    const html = render(page, SourceView, {})
    expect(html).toContain('“shop”')
    expect(html).toContain('aria-label="Folder path"')
  })

  test('recent projects and examples', () => {
    const { page } = fakePage()
    const examples = [{ title: 'Calculator', path: '/c', summary: 'adds' }]
    page.workspace.change({ recent: [{ path: '/work/shop', openedMs: 0 }], app: appState({ examples }) })
    expect(textOf(page, SourceView, {})).toContain('Recent shop /work/shop')
    expect(textOf(page, SourceView, {})).toContain('Calculator adds')
  })

  test('an image is opened: idle, how far it is read, and why it was not', async () => {
    const { answers, view } = await comparison()
    const opened = deferred<typeof view>()
    const { page, progress } = fakePage({ ...answers, 'image.open': () => opened.promise })
    expect(textOf(page, ImageOpener, {})).toContain('Open image')
    const opening = openImages(page, 'before', undefined)
    await settle()
    progress({ kind: 'read', readBytes: 1_000_000, expectedBytes: 2_000_000 })
    expect(textOf(page, ImageOpener, {})).toContain('Reading … Cancel 1.00 MB of about 2.00 MB')
    opened.reply(refused('no such image'))
    await opening
    expect(textOf(page, ImageOpener, {})).toContain('no such image')
  })
})

describe('variants', () => {
  test('nothing without a project', () => {
    expect(textOf(fakePage().page, VariantsView, {})).toBe('')
  })

  const buildButton = (page: Page): string =>
    /<button[^>]*class="primary"[^>]*>Build both variants/.exec(render(page, VariantsView, {}))![0]

  test('both sides, and a build where an engine is ready and both texts are Dockerfiles', () => {
    const { page } = fakePage()
    page.workspace.change({ project: project(), engine })
    const text = textOf(page, VariantsView, {})
    expect(text).toContain('shop Dockerfile.before · Dockerfile.after')
    expect(text).toContain('Before traditional')
    expect(text).toContain('After multi-stage')
    expect(buildButton(page)).not.toContain('disabled')
    page.workspace.change({ engine: noEngine })
    expect(buildButton(page)).toContain('disabled')
    expect(textOf(page, VariantsView, {})).toContain('no engine answers')
  })

  test('a wrong line is said, and cannot be built', () => {
    const { page } = fakePage()
    const diagnostics = [{ severity: 'error', place: { line: 2, column: 1, length: 3 }, message: 'unknown word' }]
    const variants = { before: variant('before', { diagnostics: diagnostics as never }), after: variant('after') }
    page.workspace.change({ project: project({ variants }), engine })
    expect(textOf(page, VariantsView, {})).toContain('Line 2, column 1: unknown word.')
    expect(buildButton(page)).toContain('disabled')
  })

  test('several variants: what is ticked, what is built by now, and what came of it', async () => {
    const { page } = fakePage({ 'ladder.build': never })
    page.workspace.change({ project: project(), engine })
    expect(textOf(page, BenchmarkPanel, {})).toContain('Build and measure 2')
    const folder = { folder: '/work/shop' }
    void page.jobs.benchmark.start(folder, never)
    expect(textOf(page, BenchmarkPanel, {})).toContain('Preparing …')
    const failed = {
      id: 'x',
      title: 'Dockerfile.before',
      isEdited: false,
      outcome: { ok: false, failure: { code: 'bad-input', problem: 'no gcc' } },
    } as const
    page.jobs.benchmark.adopt(folder, [failed])
    expect(textOf(page, BenchmarkPanel, {})).toContain('no gcc')
    page.workspace.change({ project: project({ folder: '/work/other' }) })
    expect(textOf(page, BenchmarkPanel, {})).not.toContain('no gcc')
  })
})

describe('build', () => {
  const subject = { variants: project().variants, isSaved: false }

  test('nothing before a build', () => {
    expect(textOf(fakePage().page, BuildView, {})).toBe('')
  })

  test('busy: how far both are, what the engine does, and a way to cancel', () => {
    const { page } = fakePage()
    void page.jobs.build.start(subject, never)
    const build = page.jobs.build.slot.get()
    const jobId = build.kind === 'idle' ? '' : build.id
    page.jobs.build.onEvent({
      kind: 'job',
      jobId,
      progress: { kind: 'build', role: 'before', snapshot: snapshot('done', 'running') },
    })
    page.jobs.build.onEvent({ kind: 'job', jobId, progress: { kind: 'message', text: 'pulling debian' } })
    const text = textOf(page, BuildView, {})
    expect(text).toContain('Building both variants pulling debian Cancel')
    expect(text).toContain('1 of 2 steps')
    expect(text).toContain('0 of 2 steps')
    expect(text).not.toContain('Build again')
  })

  test.each([
    [cancelled, 'Cancelled: nothing was kept'],
    [refused('the folder is gone'), 'The build failed'],
    [ok(buildResult()), 'Both variants are built'],
    [
      ok(
        buildResult({
          after: {
            ok: false,
            role: 'after',
            failure: { code: 'bad-input', problem: 'no gcc' },
            snapshot: snapshot('failed'),
          },
        }),
      ),
      'The after variant failed',
    ],
  ] as const)('ended with %j', async (reply, headline) => {
    const { page } = fakePage()
    await page.jobs.build.start(subject, async () => reply)
    const text = textOf(page, BuildView, {})
    expect(text).toMatch(new RegExp(`^${headline}`))
    expect(text).toContain('Build again')
    if (!reply.ok && reply.failure.code === 'bad-input') expect(text).toContain('the folder is gone')
  })

  test('a variant that failed is told with its reason, and the other image can be looked into', async () => {
    const { page } = fakePage()
    const after = {
      ok: false,
      role: 'after',
      failure: { code: 'bad-input', problem: 'no gcc' },
      snapshot: snapshot('failed'),
    } as const
    await page.jobs.build.start(subject, async () => ok(buildResult({ after })))
    const text = textOf(page, BuildView, {})
    expect(text).toContain('no gcc')
    expect(text).toContain('Look into this image alone')
    expect(text).toContain('Open the editor Copy error and log')
  })

  test('stage sizes: measured, stopped, or to be asked for', async () => {
    const { page } = fakePage()
    page.jobs.build.adopt(subject, buildResult(), 'build-1')
    expect(textOf(page, BuildView, {})).not.toContain('Measure the stages')
    void page.jobs.stages.start({ buildId: 'build-1' }, never)
    expect(textOf(page, BuildView, {})).toContain('Measuring the stages … Stop')
    page.jobs.stages.adopt({ buildId: 'build-1' }, null)
    expect(textOf(page, BuildView, {})).toContain('Measure the stages')
    page.jobs.stages.adopt({ buildId: 'another' }, null)
    expect(textOf(page, BuildView, {})).not.toContain('Measure the stages')
  })

  test('images are read: how far, and why not', async () => {
    const { page } = fakePage()
    page.jobs.build.adopt(subject, buildResult(), 'build-1')
    void page.jobs.comparison.start({ kind: 'build', buildId: 'build-1' }, never)
    expect(textOf(page, BuildView, {})).toMatch(/^Reading both images Cancel/)
    await page.jobs.comparison.start({ kind: 'build', buildId: 'build-1' }, async () => refused('the image is gone'))
    expect(textOf(page, BuildView, {})).toContain('the image is gone')
  })

  test('of a saved comparison: no logs, and not built again', () => {
    const { page } = fakePage()
    page.jobs.build.adopt({ ...subject, isSaved: true }, buildResult(), 'comparison-1')
    const text = textOf(page, BuildView, {})
    expect(text).toContain('How both variants were built')
    expect(text).toContain('A saved comparison has no logs.')
    expect(text).not.toContain('Build again')
  })
})

describe('compare', () => {
  test('nothing before a comparison', () => {
    expect(textOf(fakePage().page, CompareView, {})).toBe('')
  })

  test('the verdict, the layers and the files of both images', async () => {
    const page = await compared()
    const text = textOf(page, CompareView, {})
    expect(text).toContain('Save …')
    expect(text).toContain('Both Difference Only before Only after Table')
    expect(text).toContain('Click a cell, or use the arrow keys')
    const { before, after } = (await comparison()).view.facts
    expect(textOf(page, LayerPanel, { before, after })).toContain('Read from: an export of both images')
  })

  test('why nothing was saved is said where it was asked for', async () => {
    const page = await compared()
    page.workspace.change({ saveFailure: { code: 'disk-full', where: '/' } })
    expect(textOf(page, CompareView, {})).toContain('The disk is full (/).')
    expect(textOf(page, FindingsView, {})).toContain('The disk is full (/).')
  })

  test('one image alone has one map', async () => {
    const page = await compared({}, { isSingle: true })
    const text = textOf(page, CompareView, {})
    expect(text).toContain('Map Table')
    expect(text).not.toContain('Difference Only before')
    expect(text).toContain('unpacked, 10 entries in 2 layers.')
  })

  test('the search: how many match, which is selected, and what is wrong with a word', async () => {
    const page = await compared()
    const bar = (): string => textOf(page, ExplorerBar, { tree: treeIn(page.state.get())!, isSingle: false })
    search(page, 'gcc')
    expect(bar()).toContain('2')
    search(page, 'nothing')
    expect(bar()).toMatch(/0 of \d+ match Clear filter/)
    search(page, 'kind:nonsense')
    expect(bar()).toMatch(/nonsense|kind/)
    moveSelection(page, 'ArrowDown')
    zoomTo(page, page.explorer.get().selection!)
    expect(bar()).toContain('/ › usr')
  })

  test('the foot: hidden layers can be shown again', async () => {
    const page = await compared()
    const { facts } = (await comparison()).view
    const foot = (): string => textOf(page, ExplorerFoot, { tree: treeIn(page.state.get())!, facts })
    expect(foot()).toContain('After is small on this scale: show it alone')
    toggleLayer(page, 'before:0')
    expect(foot()).toContain('1 layer is hidden: show all')
  })

  test.each(colorings.map((coloring) => [coloring.label, coloring] as const))('the legend by %s', (_, coloring) => {
    const { page } = fakePage()
    const props = { coloring, layerCount: 2, isDelta: false }
    const text = textOf(page, Legend, props)
    for (const { label } of coloring.legend(2)) expect(text).toContain(label)
    expect(text).toContain('not in this image')
    expect(textOf(page, Legend, { ...props, isDelta: true })).toContain('area: the change')
  })

  test('the files: not yet looked into, looked into, stopped, and done', async () => {
    const examining = deferred<ReturnType<typeof examination>>()
    const { answers } = await comparison()
    const { page, host } = fakePage({ ...answers, 'image.examine': () => examining.promise })
    expect(textOf(page, AnalysisStatus, {})).toBe('')
    const opening = openImages(page, 'before', 'after')
    await settle()
    expect(textOf(page, AnalysisStatus, {})).toBe('Looking into the files of the images … Stop')
    examining.reply(cancelled)
    await opening
    expect(textOf(page, AnalysisStatus, {})).toBe('The files were not looked into: stopped. Look into them')
    host.answers['image.examine'] = () => ok(examination())
    await analyze(page)
    expect(textOf(page, AnalysisStatus, {})).toBe(
      'Programs, their loaders and libraries, scripts and users of both images are there. They were not run.',
    )
    host.answers['image.examine'] = () => refused('too old')
    await analyze(page)
    expect(textOf(page, AnalysisStatus, {})).toBe('')
    expect(textOf(page, CompareView, {})).toContain('too old')
  })

  test('a saved comparison without an analysis says so', async () => {
    const page = await compared({}, { origin: 'saved', saved: { build: undefined, examination: undefined } })
    expect(textOf(page, AnalysisStatus, {})).toBe('The files were not looked into before this was saved.')
  })
})

describe('findings', () => {
  test('nothing before a comparison', () => {
    expect(textOf(fakePage().page, FindingsView, {})).toBe('')
  })

  test('the verdict first; what the files say once they are looked into', async () => {
    const page = await compared()
    const text = textOf(page, FindingsView, {})
    expect(text).toContain('Does it still run?')
    expect(text).toContain('Neither image says of what packages it is made.')
    page.jobs.analysis.reset()
    expect(textOf(page, FindingsView, {})).not.toContain('Neither image')
  })

  test('what the last edit did', async () => {
    const page = await compared()
    const { before, after } = (await comparison()).view.facts
    page.workspace.change({
      lastSizes: { folder: '/work/shop', before: before.unpackedBytes, after: after.unpackedBytes },
    })
    expect(textOf(page, FindingsView, {})).toContain('neither image changed in size')
    page.workspace.change({
      lastSizes: { folder: '/work/shop', before: before.unpackedBytes, after: after.unpackedBytes + 1000 },
    })
    expect(textOf(page, FindingsView, {})).toContain('the image after is 1.00 kB smaller')
    page.workspace.change({ lastSizes: { folder: '/another', before: 0, after: 0 } })
    expect(textOf(page, FindingsView, {})).not.toContain('Since the build before')
  })

  const panels = [
    ['run', (page: Page) => textOf(page, RunPanel, { ...about, canAsk: true }), 'Running before, then after …'],
    ['buildTimes', (page: Page) => textOf(page, BuildTimesPanel, { ...about, buildId: 'build-1' }), 'Preparing …'],
    [
      'scan',
      (page: Page) => textOf(page, ScanPanel, { ...about, canAsk: true }),
      'The scanner reads the packages of both images …',
    ],
  ] as const

  test.each(panels)('%s: idle, busy with and without a message, cancelled, failed', async (name, text, busy) => {
    const { page } = fakePage()
    const job = page.jobs[name]
    expect(text(page)).not.toContain('Cancel')
    void job.start(about, never)
    expect(text(page)).toContain('Cancel')
    expect(text(page)).toContain(busy)
    const state = job.slot.get()
    job.onEvent({
      kind: 'job',
      jobId: state.kind === 'idle' ? '' : state.id,
      progress: { kind: 'message', text: 'step two' },
    })
    expect(text(page)).toContain('step two')
    expect(text(page)).not.toContain(busy)
    await job.start(about, async () => cancelled)
    expect(text(page)).toContain('Cancelled; nothing was left in the engine.')
    await job.start(about, async () => refused('no room'))
    expect(text(page)).toContain('no room')
    await job.start({ comparisonId: 'comparison-2' }, async () => refused('of another'))
    expect(text(page)).not.toContain('of another')
  })

  test('a scan is done, or there is no scanner', () => {
    const { page } = fakePage()
    const counts = { critical: 1, high: 2, medium: 0, low: 0, negligible: 0, unknown: 0 }
    page.jobs.scan.adopt(about, {
      scanner: 'grype',
      before: { counts, worst: [] },
      after: { counts, worst: [] },
    } as never)
    expect(textOf(page, ScanPanel, { ...about, canAsk: true })).toContain('Known to grype')
    page.jobs.scan.adopt(about, { scanner: null } as never)
    expect(render(page, ScanPanel, { ...about, canAsk: true })).toContain('note-warn')
  })
})

describe('the file window', () => {
  const opened = { kind: 'entry', comparisonId: 'comparison-1', node: 4 } as const
  const shown = (page: Page): string => {
    const state = page.state.get().jobs.file
    return state.kind === 'idle' ? '' : textOf(page, Opened, { state })
  }

  test('reading, failed, and read', async () => {
    const { page, host } = fakePage({ 'comparison.entry': never })
    void openFile(page, opened)
    expect(shown(page)).toBe('Reading …')
    host.answers['comparison.entry'] = () => refused('the layer is gone')
    await openFile(page, opened)
    expect(shown(page)).toContain('the layer is gone')
    const folder = {
      kind: 'folder',
      contentBytes: 0,
      mode: '0755',
      uid: 0,
      gid: 0,
      mtime: 0,
      linkTarget: undefined,
      layer: 0,
      checksum: undefined,
    } as const
    host.answers['comparison.entry'] = () => ok({ path: '/etc', before: folder, after: undefined })
    await openFile(page, opened)
    expect(shown(page)).toContain('/etc')
    expect(shown(page)).toContain('It is a folder, and has no content.')
  })

  test('a hidden file: how far the layer is read', () => {
    const { page } = fakePage({ 'comparison.hidden': never })
    const file = {
      path: '/root/.key',
      layer: 1,
      node: 7,
      contentBytes: 3,
      createdBy: '',
      secret: null,
      isInOther: false,
    }
    void openFile(page, { kind: 'hidden', comparisonId: 'comparison-1', side: 'before', file: file as never })
    expect(shown(page)).toContain('Reading the layer')
    const state = page.state.get().jobs.file
    const jobId = state.kind === 'idle' ? '' : state.id
    page.jobs.file.onEvent({
      kind: 'job',
      jobId,
      progress: { kind: 'read', readBytes: 1_000_000, expectedBytes: 2_000_000 },
    })
    expect(shown(page)).toContain('1.00 MB of at most about 2.00 MB')
  })
})

describe('the shell', () => {
  const rail = (page: Page): string[][] =>
    [...render(page, Rail, { shown: steps }).matchAll(/<button([^>]*)>.*?<\/span>(\w+)/g)].map(
      ([, attributes, name]) => [
        name!,
        attributes!.includes('disabled') ? 'closed' : 'open',
        ...(attributes!.includes('aria-current') ? ['current'] : []),
      ],
    )

  test('the rail opens a step when there is something to see', async () => {
    const { page } = fakePage()
    expect(rail(page)).toEqual([
      ['Source', 'open', 'current'],
      ['Variants', 'closed'],
      ['Build', 'closed'],
      ['Compare', 'closed'],
      ['Findings', 'closed'],
    ])
    const all = await compared()
    all.workspace.change({ project: project() })
    all.jobs.build.adopt({ variants: project().variants, isSaved: false }, buildResult())
    expect(rail(all).map(([, state]) => state)).toEqual(['open', 'open', 'open', 'open', 'open'])
    expect(rail(all)[3]).toEqual(['Compare', 'open', 'current'])
  })

  test('the engine: not asked yet, ready, missing', () => {
    const { page } = fakePage()
    expect(textOf(page, EnginePicker, {})).toContain('Looking for an engine …')
    page.workspace.change({ engine })
    expect(textOf(page, EnginePicker, {})).toContain('Docker 27.1')
    page.workspace.change({ engine: noEngine })
    expect(textOf(page, EnginePicker, {})).toContain('No engine')
  })

  test('the palette lists what can run, and the list of keys both places', async () => {
    const { page } = fakePage()
    page.workspace.change({ app: appState(), project: project() })
    const palette = textOf(page, Palette, { onClose: () => undefined })
    expect(palette).toContain('Open a folder … Ctrl+O')
    expect(palette).not.toContain('Find files')
    expect(palette).not.toContain('zoom to a folder')
    const keys = textOf(page, Shortcuts, { onClose: () => undefined })
    expect(keys).toMatch(
      /Everywhere Ctrl\+O Open a folder ….*Ctrl\+F or \/ Find files.*Ctrl\+K Commands F1 or \? This list In map and table ↑ ↓/,
    )
    expect(keys).toContain('Esc Clear the search 1 Show both images')
  })

  test('the save menu offers what can be saved', async () => {
    const page = await compared({}, { isSingle: true })
    const text = textOf(page, SaveMenu, {})
    expect(text).toContain('Save the comparison (.cutaway)')
    expect(text).not.toContain('Save a summary')
  })

  test('the top bar names the project, or what was saved', async () => {
    const { page } = fakePage()
    page.workspace.change({ project: project() })
    expect(textOf(page, TopBar, {})).toContain('/work/shop')
    const saved = await compared({}, { origin: 'saved', saved: { build: undefined, examination: undefined } })
    expect(textOf(saved, TopBar, {})).toContain('shop, as it was saved')
  })

  test('a view that breaks is said to be broken', () => {
    const boundary = new ErrorBoundary({ children: 'the page' })
    boundary.state = ErrorBoundary.getDerivedStateFromError(new Error('no such node'))
    const Broken = (): ReturnType<ErrorBoundary['render']> => boundary.render()
    expect(textOf(fakePage().page, Broken, {})).toMatch(/^This page broke: no such node .* Load it again$/)
  })
})
