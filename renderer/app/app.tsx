import { type ComponentType, type ReactElement, useEffect, useRef } from 'react'
import { FileWindow } from '../compare/file-window'
import { usePageState } from '../shared/use-page'
import { type StepName, steps } from '../shared/workspace'
import { CommandSheets } from './command-palette'
import { Rail } from './rail'
import { TopBar } from './top-bar'

/** What each step shows; a report has not all of them. */
export type Views = { readonly [S in StepName]?: ComponentType }

export function App({ views }: { readonly views: Views }): ReactElement {
  const step = usePageState((state) => state.workspace.step)
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
      <Rail shown={steps.filter((each) => views[each])} />
      <main ref={main} tabIndex={-1} className={`main main-${step}`}>
        {View && <View />}
      </main>
      <CommandSheets />
      <FileWindow />
    </div>
  )
}
