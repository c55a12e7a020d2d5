import type { BuiltFinding, BuiltImage } from './built-image'
import { checkLibraries } from './libraries'
import { danglingLinks, lostPythonPackages, unknownUser } from './lost'
import { findPrograms } from './program'

/**
 * What keeps a built image from running, without running it: its program, that program's interpreter, loader and libraries, its user,
 * links of programs, and Python packages that `before` has. The gravest come first.
 */
export async function checkBuiltImage(image: BuiltImage, before?: Pick<BuiltImage, 'rootfs'>): Promise<BuiltFinding[]> {
  const { programs, findings } = await findPrograms(image)
  const found = [
    ...findings,
    ...(await checkLibraries(image, programs)),
    ...(await unknownUser(image)),
    ...danglingLinks(image).slice(0, 10),
    ...(before ? lostPythonPackages(before, image) : []),
  ]
  return found.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
}
