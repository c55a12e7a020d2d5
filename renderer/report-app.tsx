import type { CutawayApi } from '../electron/ipc/contract'
import { mount } from './mount'
import { BuildView } from './views/build-view'
import { CompareView } from './views/compare-view'
import { FindingsView } from './views/findings-view'

/** Shows the views that one saved comparison can fill. */
export const showReport = (api: CutawayApi): void =>
  mount(api, { build: BuildView, compare: CompareView, findings: FindingsView })
