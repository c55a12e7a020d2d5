/** A command that the page's list and the window's menu share. */
export interface MenuCommand {
  readonly id: string
  /** In the page. */
  readonly label: string
  /** In the window's menu, as platforms write titles there. */
  readonly menuLabel: string
  /** The key press that runs it, as the page names it: Ctrl stands for Command on a Mac. Undefined where it has none. */
  readonly key: string | undefined
}

export const openFolderCommand: MenuCommand = {
  id: 'open-folder',
  label: 'Open a folder …',
  menuLabel: 'Open Folder…',
  key: 'Ctrl+O',
}

export const openFileCommand: MenuCommand = {
  id: 'open-file',
  label: 'Open a saved image or comparison …',
  menuLabel: 'Open Saved Image or Comparison…',
  key: undefined,
}

/** The key of a command in the words of Electron's menus. */
export const acceleratorOf = ({ key }: MenuCommand): string | undefined => key?.replace('Ctrl', 'CmdOrCtrl')
