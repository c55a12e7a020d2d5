import { mount } from './mount'
import { BuildView } from './views/build-view'
import { CompareView } from './views/compare-view'
import { FindingsView } from './views/findings-view'

mount({ build: BuildView, compare: CompareView, findings: FindingsView })
