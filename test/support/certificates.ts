import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
  readonly keyObject: KeyObject
  readonly name: string
}

/**
 * A certificate for a host name, and for 127.0.0.1 where that is localhost, valid until 2049: of the issuer, or an authority of its own
 * (RFC 5280).
 */
export function makeCertificate(name: string, issuer?: TestCertificate, host = 'localhost'): TestCertificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const validity = sequence(time('200101000000Z'), time('491231235959Z'))
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const isAuthority = sequence(oid('551d13'), tag(0x04, sequence(...(issuer ? [] : [tag(0x01, Buffer.from([255]))]))))
  const loopback = host === 'localhost' ? [tag(0x87, Buffer.from([127, 0, 0, 1]))] : []
  const names = sequence(tag(0x82, Buffer.from(host)), ...loopback)
  const content = sequence(
    tag(0xa0, integer(2)),
    integer(name.length),
    ecdsaWithSha256,
    distinguishedName(issuer?.name ?? name),
    validity,
    distinguishedName(name),
    spki,
    tag(0xa3, sequence(isAuthority, sequence(oid('551d11'), tag(0x04, names)))),
  )
  const signature = sign('sha256', content, issuer?.keyObject ?? privateKey)
  const der = sequence(content, ecdsaWithSha256, tag(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    keyObject: privateKey,
    name,
  }
}

function tag(number: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([number, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => tag(0x30, Buffer.concat(parts))
const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'))
const integer = (value: number): Buffer => tag(0x02, Buffer.from([value]))
const time = (text: string): Buffer => tag(0x17, Buffer.from(text))
const distinguishedName = (name: string): Buffer =>
  sequence(tag(0x31, sequence(oid('550403'), tag(0x0c, Buffer.from(name)))))
