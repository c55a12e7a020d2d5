import { hostApi } from './api'
import { mount } from './mount'
import { BuildView } from './views/build-view'
import { CompareView } from './views/compare-view'
import { FindingsView } from './views/findings-view'
import { SourceView } from './views/source-view'
import { VariantsView } from './views/variants-view'

mount(hostApi(), {
  source: SourceView,
  variants: VariantsView,
  build: BuildView,
  compare: CompareView,
  findings: FindingsView,
})
