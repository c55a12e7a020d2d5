import { Menu, type MenuItemConstructorOptions } from 'electron'

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
        { id: 'open-folder', label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: openFolder },
        { id: 'open-file', label: 'Open Saved Image or Comparison…', click: openFile },
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
