import type { ReactElement } from 'react'
import { CommandSheets } from './components/command-palette'
import { FileWindow } from './components/file-window'
import { Rail } from './components/rail'
import { TopBar } from './components/top-bar'
import { useStore } from './state/store'
import { workspace } from './state/workspace'
import { BuildView } from './views/build-view'
import { CompareView } from './views/compare-view'
import { FindingsView } from './views/findings-view'
import { SourceView } from './views/source-view'
import { VariantsView } from './views/variants-view'

const views = {
  source: SourceView,
  variants: VariantsView,
  build: BuildView,
  compare: CompareView,
  findings: FindingsView,
}

export function App(): ReactElement {
  const step = useStore(workspace, (state) => state.step)
  const View = views[step]
  return (
    <div className="app">
      <TopBar />
      <Rail />
      <main className={`main main-${step}`}>
        <View />
      </main>
      <CommandSheets />
      <FileWindow />
    </div>
  )
}
