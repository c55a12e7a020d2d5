import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { expect, test } from 'vitest'
import { makePackage } from '../../../electron/core/packages/package'
import { cyclonedxSbom } from '../../../electron/engine/packages/cyclonedx'
import { packageUrl, type SbomSubject } from '../../../electron/engine/packages/sbom-subject'
import { spdxSbom } from '../../../electron/engine/packages/spdx'

const path = '/where'
const subject: SbomSubject = {
  name: 'shop:1',
  imageId: `sha256:${'0'.repeat(64)}`,
  distribution: { id: 'debian', version: '12' },
  created: new Date(1_700_000_000_123),
  id: '3e671687-395b-41f5-a30f-a58921a69b79',
  packages: [
    makePackage({ type: 'deb', name: 'libc6', version: '2.36-9+deb12u14', architecture: 'amd64', path }),
    makePackage({ type: 'rpm', name: 'hello', version: '2:1.2-3', license: 'MIT', path }),
    makePackage({ type: 'pypi', name: 'Flask_Cors', version: '4.0', license: 'BSD License (3 clause)', path }),
    makePackage({ type: 'npm', namespace: '@scope', name: 'a', version: '1.0.0', license: 'mit', path }),
    makePackage({ type: 'golang', name: 'golang.org/x/text', version: 'v0.3.0', path }),
    makePackage({ type: 'golang', name: './lib', version: '(devel)', path }),
    makePackage({ type: 'maven', namespace: 'org.slf4j', name: 'slf4j-api', version: '2.0.9', path }),
    makePackage({ type: 'deb', name: 'libc6', version: '2.36-9+deb12u14', architecture: 'i386', path }),
  ],
}

test('package URLs', () => {
  expect(subject.packages.map((each) => packageUrl(each, subject.distribution))).toEqual([
    'pkg:deb/debian/libc6@2.36-9+deb12u14?arch=amd64&distro=debian-12',
    'pkg:rpm/debian/hello@1.2-3?distro=debian-12&epoch=2',
    'pkg:pypi/flask-cors@4.0',
    'pkg:npm/%40scope/a@1.0.0',
    'pkg:golang/golang.org/x/text@v0.3.0',
    undefined, // a folder of the project has no address
    'pkg:maven/org.slf4j/slf4j-api@2.0.9',
    'pkg:deb/debian/libc6@2.36-9+deb12u14?arch=i386&distro=debian-12',
  ])
})

test('CycloneDX 1.6, valid by its strict schema', async () => {
  const text = cyclonedxSbom(subject)
  const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)
  expect(problem).toBeNull()
  const { components } = JSON.parse(text)
  expect(components).toHaveLength(subject.packages.length)
  expect(components.map(({ licenses }: { licenses?: unknown }) => licenses).filter(Boolean)).toEqual(
    expect.arrayContaining([[{ license: { id: 'MIT' } }], [{ license: { name: 'BSD License (3 clause)' } }]]),
  )
  const broken = text.replace('"specVersion": "1.6"', '"specVersion": 16')
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(broken)).not.toBeNull()
})

test('SPDX 2.3: the fields that the specification asks for, unique ids, relations that lead somewhere', () => {
  const document = JSON.parse(spdxSbom(subject))
  expect(document).toMatchObject({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'shop:1',
    creationInfo: { created: '2023-11-14T22:13:20Z', creators: ['Tool: cutaway'] },
  })
  expect(new URL(document.documentNamespace).hash).toBe('')
  const ids: string[] = document.packages.map(({ SPDXID }: { SPDXID: string }) => SPDXID)
  expect(new Set(ids).size).toBe(subject.packages.length + 1)
  for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/)
  for (const each of document.packages)
    expect(each).toMatchObject({ name: expect.any(String), downloadLocation: 'NOASSERTION', filesAnalyzed: false })
  for (const { spdxElementId, relatedSpdxElement } of document.relationships)
    expect(['SPDXRef-DOCUMENT', ...ids]).toEqual(expect.arrayContaining([spdxElementId, relatedSpdxElement]))
})
