import { makeInspectReport, textInspect } from '../core/report/inspect-report'
import { asJson, type Command, exactly } from './command'
import { openImage } from './open-image'

/** `inspect <image | archive | layout folder>` */
export const run: Command = async (call) => {
  const [image] = exactly(call, 1)
  const { index } = await openImage(image!, call)
  const report = makeInspectReport(index)
  return { output: call.flags.json ? asJson(report) : textInspect(report), exitCode: 0 }
}
