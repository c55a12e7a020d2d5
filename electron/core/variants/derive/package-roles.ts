import { makePackage } from '../../packages/package'
import { packagePurpose } from '../../packages/package-purpose'
import type { SystemPackage } from '../../packages/system-packages'

/** What only builds, beyond what sections and general names tell; what the program needs of it comes back by its files. */
const buildNames =
  /-(jdk|jdk-headless|sdk[\d.-]*)$|^(npm|yarnpkg|composer|node-gyp|ruby-build|python3?(\.\d+)?-(pip|wheel|setuptools|distutils|venv|virtualenv)|software-properties-common|apt-transport-https|gnupg|lsb-release)$/

/** Whether a package that was installed by name is there for building, or for reading. */
export function isForBuilding({ name, section }: SystemPackage): boolean {
  const purpose = packagePurpose(makePackage({ type: 'deb', name, section, version: '', path: '' }))
  return purpose === 'toolchain' || purpose === 'docs' || buildNames.test(name)
}

/** Packages that matter to package scripts, to logins and to the shell only: a base without a package manager does without them. */
export const isSystemPlumbing = ({ name, isEssential }: SystemPackage): boolean =>
  isEssential ||
  /^(libc6|libgcc-s1|gcc-\d+-base|debconf|dpkg|perl-base|adduser|init-system-helpers|passwd|login|libc-bin|lsb-base|mount|util-linux|ucf|sensible-utils|tar|base-files|bash|dash|debianutils|java-common|ca-certificates-java|media-types|mime-support)$/.test(
    name,
  )

export const isLibrary = ({ name, section }: SystemPackage): boolean =>
  section === 'libs' && !/^lib(python|perl|ruby)/.test(name)
