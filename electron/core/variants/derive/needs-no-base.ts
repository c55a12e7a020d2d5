import { type BuiltEvidence, PackageOwners } from './evidence'
import { LinkedLibraries } from './linked-libraries'
import { findPrograms } from './programs'

/** Whether everything that the image runs loads nothing: then a second stage can stand on the empty base. */
export async function needsNoBase(image: BuiltEvidence): Promise<boolean> {
  const owners = new PackageOwners(image)
  const libraries = new LinkedLibraries(image)
  const { programs } = await findPrograms(image, (path) => owners.of(path) !== undefined)
  for (const path of programs.keys()) {
    const { real } = image.files.follow(path)
    const facts = real === undefined ? undefined : await libraries.facts(real)
    if (facts === undefined || facts.interpreter !== undefined || facts.needed.length > 0) return false
  }
  return programs.size > 0
}
