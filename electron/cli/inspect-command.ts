import { makeInspectReport, textInspect } from '../core/report/inspect-report'
import { asJson, type Command, shareable } from './command'
import { openImage } from './open-image'

/** `inspect <image | archive | layout folder>` */
export const run: Command = async (call) => {
  const [image] = call.arguments
  const { index } = await openImage(image!, call)
  const report = shareable(call, makeInspectReport(index), { known: index.config })
  return { output: call.flags.json ? asJson(report) : textInspect(report), exitCode: 0 }
}
