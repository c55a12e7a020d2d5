import { parseReference } from '../../dockerfile/reference'
import type { StageBase } from '../../dockerfile/stages'
import { type ImageSettings, noSettings } from '../../image/image-settings'
import { baseFamily, type Family } from '../families'

/** What the base image of a final stage gives to the program that is copied onto it, as far as its name tells. */
export type FinalBase =
  | { readonly kind: 'nothing' }
  /** Libraries and certificates, and perhaps the interpreter of one language; no shell. */
  | { readonly kind: 'distroless'; readonly reference: string; readonly entrypoint: readonly string[] | undefined }
  /** An operating system without programs of its own. */
  | { readonly kind: 'system'; readonly reference: string; readonly family: Family | undefined }
  /** Programs that the build stage need not have. */
  | { readonly kind: 'programs'; readonly reference: string; readonly family: Family | undefined }

const systems =
  /^(debian|ubuntu|alpine|busybox|fedora|centos|rockylinux|almalinux|oraclelinux|amazonlinux|wolfi-base|ubi\d*(-(minimal|micro))?|buildpack-deps)$/

/** Interpreters of distroless images by their names in PATH, because the build stage has them in other folders. */
const interpreters: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^python3/, ['python3']],
  [/^nodejs/, ['node']],
  [/^java\d/, ['java', '-jar']],
]

export function finalBase(base: StageBase): FinalBase {
  if (base.kind !== 'image') return { kind: 'nothing' }
  const { reference } = base
  const name = imageName(reference)
  if (isDistroless(reference))
    return { kind: 'distroless', reference, entrypoint: interpreters.find(([rule]) => rule.test(name))?.[1] }
  const family = systemFamily(reference)
  return systems.test(name) ? { kind: 'system', reference, family } : { kind: 'programs', reference, family }
}

/** The family by name; `busybox` has none. */
export const systemFamily = (reference: string): Family | undefined =>
  /^(buildpack-deps)$/.test(imageName(reference)) ? 'debian' : baseFamily(reference)

export const isDistroless = (reference: string): boolean => /(^|\/)distroless\//.test(reference)

/** `library/node` of `node:22-slim`: images of one repository have the same programs. */
export const repositoryOf = (reference: string): string => {
  const { registry, repository } = parseReference(reference)
  return `${registry}/${repository}`
}

/** The settings of well-known bases that were not inspected; undefined where the name does not tell them. */
export function knownSettings(base: FinalBase): ImageSettings | undefined {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  if (base.kind === 'nothing') return { ...noSettings, env: { PATH: path } }
  if (base.kind !== 'distroless') return undefined
  const isNonroot = parseReference(base.reference).tag?.endsWith('nonroot') === true
  return {
    ...noSettings,
    env: { PATH: path, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
    entrypoint: base.entrypoint,
    ...(isNonroot ? { user: '65532', workdir: '/home/nonroot' } : {}),
  }
}

const imageName = (reference: string): string => parseReference(reference).repository.split('/').at(-1)!
