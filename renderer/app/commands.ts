import { type MenuCommand, openFileCommand, openFolderCommand } from '../../electron/core/menu-commands'
import { buildBoth } from '../build/building'
import { cancelBuild } from '../compare/comparing'
import { explorerCommands } from '../compare/explorer-commands'
import { exportFormats } from '../compare/export-formats'
import { type Command, command, runFirst } from '../shared/command'
import { refreshEngine } from '../shared/engine'
import { showSheet, showStep } from '../shared/navigation'
import type { Page, PageState } from '../shared/page'
import { isBuilding, isReachable } from '../shared/selectors'
import { type StepName, steps } from '../shared/workspace'
import { openFileDialog, openFolderDialog, openSample } from '../source/opening'

/** The window's menu has it too, under the same id and key. */
const fromMenu = ({ id, label, key }: MenuCommand): Pick<Command, 'id' | 'label' | 'keys'> => ({
  id,
  label,
  keys: key === undefined ? [] : [key],
})

const hasHost = ({ workspace }: PageState): boolean => workspace.app?.host !== 'report'
const canBuild = (state: PageState): boolean => state.workspace.project !== undefined && !isBuilding(state)

/** The names of the page's steps. */
export const stepLabel: Readonly<Record<StepName, string>> = {
  source: 'Source',
  variants: 'Variants',
  build: 'Build',
  compare: 'Compare',
  findings: 'Findings',
}

const sheets: readonly Command[] = [
  command({
    id: 'show-palette',
    label: 'Commands',
    keys: ['Ctrl+K'],
    isInPalette: false,
    isEnabled: () => true,
    run: (page) => showSheet(page, 'palette'),
  }),
  command({
    id: 'show-shortcuts',
    label: 'This list',
    keys: ['F1', '?'],
    isInPalette: false,
    isEnabled: () => true,
    run: (page) => showSheet(page, 'shortcuts'),
  }),
]

/** All commands, in the order of the palette. */
export const commands: readonly Command[] = [
  command({
    ...fromMenu(openFolderCommand),
    isEnabled: hasHost,
    run: (page) => void openFolderDialog(page),
  }),
  command({
    id: 'build',
    label: 'Build both variants',
    keys: ['Ctrl+Enter'],
    isEnabled: canBuild,
    run: (page) => void buildBoth(page, false),
  }),
  command({
    id: 'build-without-cache',
    label: 'Build both variants without cache',
    isEnabled: canBuild,
    run: (page) => void buildBoth(page, true),
  }),
  command({
    id: 'cancel-build',
    label: 'Cancel the build',
    keys: ['Ctrl+.'],
    isEnabled: isBuilding,
    run: (page) => void cancelBuild(page),
  }),
  ...steps.map((step) =>
    command({
      id: `go-to-${step}`,
      label: `Go to ${stepLabel[step]}`,
      isEnabled: (state) => isReachable(state, step),
      run: (page) => showStep(page, step),
    }),
  ),
  ...explorerCommands,
  command({
    ...fromMenu(openFileCommand),
    isEnabled: hasHost,
    run: (page) => void openFileDialog(page),
  }),
  command({
    id: 'open-sample',
    label: 'See a finished comparison',
    isEnabled: ({ workspace }) => workspace.app?.sample !== undefined,
    run: (page) => void openSample(page),
  }),
  ...exportFormats.map(({ id, label, isOffered, save }) =>
    command({ id, label, isEnabled: isOffered, run: (page) => void save(page, { includesSecrets: false }) }),
  ),
  command({
    id: 'refresh-engine',
    label: 'Look for the engine again',
    isEnabled: hasHost,
    run: (page) => void refreshEngine(page),
  }),
  ...sheets,
]

/** Where a key was pressed. */
export interface KeyContext {
  /** Letters are written there, so that they run nothing. */
  readonly isText: boolean
  /** The Dockerfile editor, which has keys of its own. */
  readonly isEditor: boolean
}

/** Runs the command that a key stands for everywhere; false where it stands for none. */
export function runKey(page: Page, press: string, { isText, isEditor }: KeyContext): boolean {
  if (isText && press.length === 1) return false
  const usable = commands.filter(({ keys, yieldsToEditor }) => keys.includes(press) && !(isEditor && yieldsToEditor))
  return runFirst(page, press, usable)
}
