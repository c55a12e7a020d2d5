import type { Page } from './page'
import type { Sheet, StepName } from './workspace'

export const showStep = ({ workspace }: Page, step: StepName): void => workspace.change({ step })

/** Opens the palette or the list of keys; undefined closes them. */
export const showSheet = ({ workspace }: Page, sheet: Sheet | undefined): void => workspace.change({ sheet })
