import { Menu, type MenuItemConstructorOptions } from 'electron'
import { acceleratorOf, type MenuCommand, openFileCommand, openFolderCommand } from './core/menu-commands'

export interface MenuActions {
  readonly openFolder: () => void
  readonly openFile: () => void
}

/** The platform's standard menu with what Cutaway adds to it. */
export function setMenu({ openFolder, openFile }: MenuActions): void {
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        item(openFolderCommand, openFolder),
        item(openFileCommand, openFile),
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** A command of the page's list as an item of the menu. */
function item(command: MenuCommand, click: () => void): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(command)
  return { id: command.id, label: command.menuLabel, click, ...(accelerator === undefined ? {} : { accelerator }) }
}
