import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { CutawayApi, HostEvent } from './ipc/contract'

const api: CutawayApi = {
  request: (name, input) => ipcRenderer.invoke('cutaway:request', name, input),
  onEvent(listener) {
    // The IPC event object stays here: it would hand the page Electron's own objects.
    const pass = (_event: unknown, event: HostEvent): void => listener(event)
    ipcRenderer.on('cutaway:event', pass)
    return () => {
      ipcRenderer.removeListener('cutaway:event', pass)
    }
  },
  pathOf: (file) => webUtils.getPathForFile(file as never),
}

contextBridge.exposeInMainWorld('cutaway', api)
