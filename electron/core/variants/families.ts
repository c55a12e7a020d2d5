/** Distributions that share a package manager. */
export type Family = 'debian' | 'alpine' | 'redhat'

/** The family of a base image as far as its name tells; official language images are Debian unless they say alpine. */
export function baseFamily(reference: string): Family | undefined {
  if (/alpine/i.test(reference)) return 'alpine'
  if (/(centos|fedora|rockylinux|almalinux|ubi\d|redhat|amazonlinux)/i.test(reference)) return 'redhat'
  const official =
    /(^|\/)(debian|ubuntu|golang|rust|node|python|ruby|php|gcc|openjdk|eclipse-temurin|maven|gradle|perl|swift|nginx)(:|@|$)/i
  return official.test(reference) ? 'debian' : undefined
}
