import type { StepProgress } from '../../electron/core/build/build-snapshot'
import type { StageGraph } from '../../electron/core/dockerfile/graph'
import type { InstructionView } from '../../electron/ipc/views'
import type { LayerRange } from '../treemap/layer-query'

/** What a stage graph and its parts are given. */
export interface StageGraphProps {
  readonly graph: StageGraph
  readonly steps: readonly StepProgress[]
  readonly instructions: readonly InstructionView[]
  readonly isStarted: boolean
  /** Size of the finished image, shown on its stage. */
  readonly imageBytes: number | undefined
  /** Measured sizes by node id, as far as they are known. */
  readonly nodeBytes?: Readonly<Record<string, number>> | undefined
  /** What each line put into its stage, measured; a COPY --from's is what crossed on its edge. */
  readonly lineBytes?: ReadonlyMap<number, number> | undefined
  /** Which layers of the image a line made, to find their files. */
  readonly lineLayers?: ReadonlyMap<number, LayerRange> | undefined
  /** The line whose files are searched for. */
  readonly foundLine?: number | undefined
  readonly onSelectStage?: (stageIndex: number) => void
  readonly onFind?: (range: LayerRange) => void
}
