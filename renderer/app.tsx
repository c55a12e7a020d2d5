import { type ReactElement, useEffect, useRef } from 'react'
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
  const main = useRef<HTMLElement>(null)
  // The focus must not be lost with the view that had it: the tab key goes on from the new one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the step
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus()
  }, [step])
  return (
    <div className="app">
      <TopBar />
      <Rail />
      <main ref={main} tabIndex={-1} className={`main main-${step}`}>
        <View />
      </main>
      <CommandSheets />
      <FileWindow />
    </div>
  )
}
