import { groupings, needsClasses } from '../layout/groupings'
import { buildBoth, openFileDialog, openFolderDialog, openPath, refreshEngine, showStep } from './actions'
import { cancelBuild } from './comparing'
import { explorer, mapViews, openSelected, search, setGrouping, setView, showAllLayers, showTable } from './explorer'
import { focusExplorer, focusSearch, nextColoring, nextGrouping, nextRegion, otherImage } from './explorer-keys'
import { zoomBack, zoomTo } from './explorer-moves'
import { savings } from './saving'
import { comparedState, isReachable, steps, workspace } from './workspace'

/** Something the user can ask for by name. */
export interface Command {
  readonly label: string
  /** As the shortcut sheet shows it. */
  readonly keys?: string
  /** Runs it everywhere, with Ctrl or Command. */
  readonly controlKey?: string
  /** Runs it everywhere, without another key. */
  readonly plainKey?: string
  /** The keys act while map or table has the focus, and nowhere else. */
  readonly isLocal?: true
  readonly isEnabled: () => boolean
  readonly run: () => void
}

const stepLabel = { source: 'Source', variants: 'Variants', build: 'Build', compare: 'Compare', findings: 'Findings' }
const viewLabel = { aligned: 'both images', delta: 'the difference', before: 'only before', after: 'only after' }

const hasHost = (): boolean => workspace.get().app?.host !== 'report'
const isComparing = (): boolean => workspace.get().comparison?.tree !== undefined
const isRunning = (): boolean => workspace.get().build?.isRunning === true

/** Runs in the Compare step, with the focus where keys act. */
const inExplorer = (run: () => void) => (): void => {
  showStep('compare')
  run()
  focusExplorer()
}

/** All commands, in the order of the palette. */
export const commands: readonly Command[] = [
  { label: 'Open a folder …', keys: 'Ctrl+O', controlKey: 'o', isEnabled: hasHost, run: () => void openFolderDialog() },
  {
    label: 'Build both variants',
    keys: 'Ctrl+Enter',
    controlKey: 'Enter',
    isEnabled: () => workspace.get().project !== undefined && !isRunning(),
    run: () => void buildBoth(false),
  },
  {
    label: 'Build both variants without cache',
    isEnabled: () => workspace.get().project !== undefined && !isRunning(),
    run: () => void buildBoth(true),
  },
  { label: 'Cancel the build', keys: 'Ctrl+.', controlKey: '.', isEnabled: isRunning, run: () => void cancelBuild() },
  ...steps.map((step) => ({
    label: `Go to ${stepLabel[step]}`,
    isEnabled: () => isReachable(workspace.get(), step),
    run: () => showStep(step),
  })),
  {
    label: 'Find files',
    keys: 'Ctrl+F or /',
    controlKey: 'f',
    isEnabled: isComparing,
    run: () => {
      showStep('compare')
      focusSearch()
    },
  },
  { label: 'Clear the search', keys: 'Esc', isLocal: true, isEnabled: isComparing, run: inExplorer(() => search('')) },
  ...mapViews.map((view, at) => ({
    label: `Show ${viewLabel[view]}`,
    keys: String(at + 1),
    isLocal: true as const,
    isEnabled: isComparing,
    run: inExplorer(() => setView(view)),
  })),
  {
    label: 'Table or map',
    keys: 'T',
    isLocal: true,
    isEnabled: isComparing,
    run: inExplorer(() => showTable(!explorer.get().isTable)),
  },
  ...groupings.map((grouping) => ({
    label: `Group by ${grouping}`,
    isEnabled: () => isComparing() && (!needsClasses(grouping) || explorer.get().unionClasses !== undefined),
    run: inExplorer(() => setGrouping(grouping)),
  })),
  { label: 'Next grouping', keys: 'G', isLocal: true, isEnabled: isComparing, run: inExplorer(nextGrouping) },
  { label: 'Next colouring', keys: 'C', isLocal: true, isEnabled: isComparing, run: inExplorer(nextColoring) },
  {
    label: 'Zoom to the whole image',
    keys: '0',
    isLocal: true,
    isEnabled: isComparing,
    run: inExplorer(() => zoomTo(0)),
  },
  { label: 'The other image alone', keys: 'X', isLocal: true, isEnabled: isComparing, run: inExplorer(otherImage) },
  {
    label: 'Show all layers',
    isEnabled: () => isComparing() && explorer.get().hidden.size > 0,
    run: inExplorer(showAllLayers),
  },
  { label: 'Next part of the view', keys: 'F6', plainKey: 'F6', isEnabled: isComparing, run: nextRegion },
  { label: 'Zoom back', keys: 'Alt+←', isLocal: true, isEnabled: isComparing, run: inExplorer(zoomBack) },
  {
    label: 'Open the selected file',
    keys: 'Enter',
    isLocal: true,
    isEnabled: isComparing,
    run: () => void openSelected(),
  },
  {
    label: 'Open a saved image or comparison …',
    isEnabled: hasHost,
    run: () => void openFileDialog(),
  },
  {
    label: 'See a finished comparison',
    isEnabled: () => workspace.get().app?.sample !== undefined,
    run: () => void openPath(workspace.get().app!.sample!),
  },
  ...savings.map(({ label, isOffered, save }) => ({
    label,
    isEnabled: () => isComparing() && isOffered(workspace.get()),
    run: () => {
      const compared = comparedState(workspace.get())
      if (compared) void save(compared, { includesSecrets: false })
    },
  })),
  { label: 'Look for the engine again', isEnabled: hasHost, run: () => void refreshEngine() },
]
