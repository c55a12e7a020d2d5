import type { CutawayApi } from '../../electron/ipc/contract'
import { createHttpApi } from './http-api'

declare global {
  interface Window {
    /** Put there by the preload script in Electron; absent in a browser. */
    readonly cutaway?: CutawayApi
  }
}

/** The only way to everything outside the page; which host carries it makes no difference to the rest. */
export const hostApi = (): CutawayApi => window.cutaway ?? createHttpApi()
