import { makeSurfaceReport, textSurface } from '../core/report/surface-report'
import { asJson, type Command, shareable } from './command'
import { openImage } from './open-image'

/** `surface <image | archive | layout folder>` */
export const run: Command = async (call) => {
  const [image] = call.arguments
  const { index, examine } = await openImage(image!, call)
  const report = shareable(call, makeSurfaceReport(index, await examine()), { known: index.config })
  return { output: call.flags.json ? asJson(report) : textSurface(report), exitCode: 0 }
}
