import { mount } from './app/mount'
import { BuildView } from './build/build-view'
import { CompareView } from './compare/compare-view'
import { FindingsView } from './findings/findings-view'
import { hostApi } from './shared/api'
import { SourceView } from './source/source-view'
import { VariantsView } from './variants/variants-view'

mount(hostApi(), {
  source: SourceView,
  variants: VariantsView,
  build: BuildView,
  compare: CompareView,
  findings: FindingsView,
})
