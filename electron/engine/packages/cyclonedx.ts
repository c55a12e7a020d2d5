import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library'
import { packageName } from '../../core/packages/package'
import { printableJson } from '../../core/printable'
import { packageUrl, type SbomSubject } from './sbom-subject'

/** The packages of an image as a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/). */
export function cyclonedxSbom({ name, imageId, packages, distribution, created, id }: SbomSubject): string {
  const bom = new Models.Bom({ serialNumber: `urn:uuid:${id}` })
  bom.metadata.timestamp = created
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, name, { version: imageId })
  packages.forEach((each, at) => {
    const purl = packageUrl(each, distribution)
    const component = new Models.Component(
      Enums.ComponentType.Library,
      each.type === 'maven' || each.namespace === '' ? each.name : packageName(each),
      {
        ...(each.type === 'maven' && each.namespace !== '' ? { group: each.namespace } : {}),
        version: each.version,
        bomRef: `${at}-${purl ?? each.name}`,
        ...(purl === undefined ? {} : { purl: purl as never }),
      },
    )
    if (each.license !== '') component.licenses.add(licenseOf(each.license))
    component.properties.add(new Models.Property('cutaway:path', each.path))
    bom.components.add(component)
  })
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${printableJson(serializer.serialize(bom, { sortLists: true, space: 2 }))}\n`
}

/** An identifier of the SPDX list, or the text as it stands. */
function licenseOf(text: string): Models.SpdxLicense | Models.NamedLicense {
  const id = SPDX.fixupSpdxId(text)
  return id === undefined ? new Models.NamedLicense(text) : new Models.SpdxLicense(id)
}
