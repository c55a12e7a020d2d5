import { X509Certificate } from 'node:crypto'
import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { readSmallFile } from './docker-config'
import { systemReason } from './unreachable'

/** Thrown for certificates that cannot be used; the message names the file and the reason. */
export class BadCertificates extends Error {}

/** The files of a folder with certificates, each of which may be missing. */
const certificateFiles = ['ca.pem', 'cert.pem', 'key.pem'] as const

/** What TLS takes from a folder of certificates, or from the system alone. Without ca.pem, the engine is checked against the system's authorities. Throws BadCertificates. */
export function secureContextOf(certificates: string | undefined): SecureContext {
  const [ca, cert, key] = certificateFiles.map((name) => readPem(certificates, name))
  if ((cert === undefined) !== (key === undefined)) {
    const [present, missing] = cert === undefined ? ['key.pem', 'cert.pem'] : ['cert.pem', 'key.pem']
    throw new BadCertificates(`${certificates} has ${present} but no ${missing}`)
  }
  // Node ignores an authority that it cannot read, and would then reject every engine without saying why.
  for (const [name, pem] of [
    ['ca.pem', ca],
    ['cert.pem', cert],
  ] as const)
    if (pem !== undefined) attempt(`${name} in ${certificates}`, () => new X509Certificate(pem))
  return attempt(`the key or certificate in ${certificates}`, () =>
    createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    }),
  )
}

/** Whether nothing has that name. A link to nothing, or what may not be looked at, is not absent: it cannot be read. */
export function isAbsent(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false
    return existsSync(dirname(path)) || isAbsent(dirname(path))
  }
}

function readPem(folder: string | undefined, name: string): Buffer | undefined {
  if (folder === undefined || isAbsent(join(folder, name))) return undefined
  return attempt(join(folder, name), () => readSmallFile(join(folder, name)))
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new BadCertificates(`${what} cannot be read: ${systemReason(cause)}`, { cause })
  }
}
