import { cyclonedxSbom } from '../engine/packages/cyclonedx'
import { type SbomSubject, sbomSubject } from '../engine/packages/sbom-subject'
import { spdxSbom } from '../engine/packages/spdx'
import { type Command, orList, UsageError } from './command'
import { openImage } from './open-image'

const formats: Readonly<Record<string, (subject: SbomSubject) => string>> = {
  cyclonedx: cyclonedxSbom,
  spdx: spdxSbom,
}

/** `sbom <image | archive | layout folder> [--format cyclonedx | spdx]` */
export const run: Command = async (call) => {
  const [image] = call.arguments
  const { format = 'cyclonedx' } = call.flags
  const write = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (write === undefined) throw new UsageError(`--format must be ${orList(Object.keys(formats))}`)
  const { index, examine } = await openImage(image!, call)
  const { installed, distribution } = await examine()
  const output = write(sbomSubject({ name: image!, imageId: index.imageId }, installed, distribution))
  return { output, exitCode: 0 }
}
