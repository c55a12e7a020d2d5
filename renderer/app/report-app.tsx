import type { CutawayApi } from '../../electron/ipc/contract'
import { BuildView } from '../build/build-view'
import { CompareView } from '../compare/compare-view'
import { FindingsView } from '../findings/findings-view'
import { mount } from './mount'

/** Shows the views that one saved comparison can fill. */
export const showReport = (api: CutawayApi): void =>
  mount(api, { build: BuildView, compare: CompareView, findings: FindingsView })
