import { packageName } from '../../core/packages/package'
import { printableJson } from '../../core/printable'
import { packageUrl, type SbomSubject } from './sbom-subject'

/** Nothing is claimed that was not looked up. */
const unknown = 'NOASSERTION'
const image = 'SPDXRef-Image'

/**
 * The packages of an image as an SPDX 2.3 document (https://spdx.github.io/spdx-spec/v2.3/). Written by hand: there is no kept library
 * for version 2.3 in JavaScript.
 */
export function spdxSbom({ name, imageId, packages, distribution, created, id }: SbomSubject): string {
  const described = packages.map((each, at) => {
    const purl = packageUrl(each, distribution)
    return {
      SPDXID: `SPDXRef-Package-${at + 1}`,
      name: packageName(each),
      versionInfo: each.version,
      supplier: unknown,
      downloadLocation: unknown,
      filesAnalyzed: false,
      sourceInfo: `found in ${each.path}`,
      licenseConcluded: unknown,
      // Databases hold free text here, and the field takes expressions only.
      licenseDeclared: unknown,
      copyrightText: unknown,
      ...(each.license === '' ? {} : { licenseComments: `declared as: ${each.license}` }),
      ...(purl === undefined
        ? {}
        : { externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }] }),
    }
  })
  const root = {
    SPDXID: image,
    name,
    versionInfo: imageId,
    downloadLocation: unknown,
    filesAnalyzed: false,
    primaryPackagePurpose: 'CONTAINER',
    licenseConcluded: unknown,
    licenseDeclared: unknown,
    copyrightText: unknown,
  }
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `urn:uuid:${id}`,
    creationInfo: { created: created.toISOString().replace(/\.\d+Z$/, 'Z'), creators: ['Tool: cutaway'] },
    packages: [root, ...described],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image },
      ...described.map(({ SPDXID }) => ({
        spdxElementId: image,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  }
  return `${printableJson(JSON.stringify(document, undefined, 2))}\n`
}
