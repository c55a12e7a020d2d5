import { type Comparison, compareImages } from '../../electron/core/compare/comparison'
import { comparisonFacts, entryDetail } from '../../electron/core/compare/facts'
import { packClasses } from '../../electron/core/compare/meaning'
import { packUnionTree } from '../../electron/core/compare/pack-columns'
import { contentNotSaved, type SavedComparison } from '../../electron/core/compare/saved-comparison'
import type { Failure } from '../../electron/core/failure'
import { nodePath } from '../../electron/core/image/path-tree'
import type { CutawayApi, Input, Outputs, Reply, RequestName } from '../../electron/ipc/contract'
import { reopenedView, type SavedPage } from '../../electron/ipc/saved-page'
import type { AppState } from '../../electron/ipc/views'

type Answers = { readonly [N in RequestName]?: (input: Input<N>) => Reply<Outputs[N]> }

const state: AppState = {
  host: 'report',
  version: '',
  engine: { kind: 'missing', failure: { code: 'bad-input', problem: 'a report has no engine' } },
  examples: [],
  sample: undefined,
  recent: [],
  initialPath: undefined,
}

/** The contract as far as one saved comparison can answer it, without images, engine or host. `file` is what it was read from. */
export function createReportApi(file: Uint8Array, saved: SavedComparison): CutawayApi {
  const answers = answersOf(file, saved, compareImages(saved.before, saved.after))
  return {
    async request<N extends RequestName>(name: N, input: Input<N>) {
      const answer = answers[name] as ((input: Input<N>) => Reply<Outputs[N]>) | undefined
      return answer?.(input) ?? refused({ code: 'bad-input', problem: `a report cannot answer ${name}` })
    },
    onEvent: () => () => undefined,
    pathOf: () => '',
  }
}

function answersOf(file: Uint8Array, { classes, page }: SavedComparison, comparison: Comparison): Answers {
  const view = reopenedView(page as SavedPage, { comparisonId: 'report', facts: comparisonFacts(comparison) })
  return {
    'app.state': () => given(state),
    'image.open': () => given(view),
    'comparison.tree': () => given(packUnionTree(comparison.tree)),
    'comparison.classes': () =>
      classes ? given(packClasses(classes)) : refused({ code: 'bad-input', problem: 'files were not looked into' }),
    'comparison.entry': ({ node }) => given(entryDetail(comparison, node)),
    'comparison.file': ({ node }) => refused(contentNotSaved(`/${nodePath(comparison.tree, node)}`)),
    // What had to be taken out was taken out when the report was made.
    'comparison.secrets': () => given([]),
    'comparison.save': () => given(file),
    'job.cancel': () => given(undefined),
  }
}

const given = <T>(value: T): Reply<T> => ({ ok: true, value })
const refused = (failure: Failure): Reply<never> => ({ ok: false, failure })
