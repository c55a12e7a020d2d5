import type { FileInterest } from '../image/file-interest'
import { decodeUtf8 } from '../utf8'

interface SecretRule {
  readonly what: string
  /** Of the path, without a slash in front. */
  readonly path: RegExp
  /** What makes it a secret; a file that has not this is none. */
  readonly content: RegExp
}

const keyFile = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|^PuTTY-User-Key-File/m
const anything = /\S/

const rules: readonly SecretRule[] = [
  { what: 'private key', path: /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|ssh_host_\w+_key)$/, content: keyFile },
  { what: 'private key', path: /\.(pem|key|p8|ppk)$/, content: keyFile },
  { what: 'key store', path: /\.(p12|pfx|jks|keystore)$/, content: anything },
  { what: 'npm token', path: /(^|\/)\.npmrc$/, content: /_(authToken|auth|password)\s*=\s*[^\s$]/ },
  { what: 'login', path: /(^|\/)\.(netrc|pypirc)$/, content: /password/ },
  { what: 'git login', path: /(^|\/)\.git-credentials$/, content: /:\/\/[^/\s]+:[^/\s]+@/ },
  { what: 'registry login', path: /(^|\/)\.docker\/config\.json$/, content: /"auth"\s*:\s*"[^"]/ },
  { what: 'cloud key', path: /(^|\/)\.aws\/credentials$/, content: /aws_secret_access_key/ },
  { what: 'cloud key', path: /(^|\/)application_default_credentials\.json$/, content: /refresh_token|private_key/ },
  { what: 'cluster login', path: /(^|\/)\.kube\/config$/, content: /token|client-key/ },
  { what: 'registry token', path: /(^|\/)\.(cargo|gem)\/credentials(\.toml)?$/, content: anything },
  {
    what: 'environment file',
    path: /(^|\/)\.env(\.(?!example$|sample$|template$|dist$|defaults$)[\w-]+)?$/,
    content: /^\s*(export\s+)?\w+\s*=\s*\S/m,
  },
]

/** What a path looks like, its content unseen; undefined for nothing secret. */
export function secretByName(path: string): string | undefined {
  return rules.find((rule) => rule.path.test(path))?.what ?? (/(^|\/)\.git\//.test(path) ? 'git history' : undefined)
}

export interface Secret {
  /** Without a slash in front. */
  readonly path: string
  readonly what: string
}

/** Nobody keeps a key in a larger file. */
const largestSecretBytes = 1e6

/** Looks into files whose names say that they hold a secret. */
export function secretFinder(): FileInterest & { finish(): Secret[] } {
  const found: Secret[] = []
  return {
    wants: ({ contentBytes, path }) => contentBytes <= largestSecretBytes && rules.some((rule) => rule.path.test(path)),
    take: (path, bytes) => {
      const text = decodeUtf8(bytes)
      const rule = rules.find((each) => each.path.test(path) && each.content.test(text))
      if (rule) found.push({ path, what: rule.what })
    },
    finish: () => found.sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

const telling = /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(_|$)/i

/** Names of variables of the image's config that look like secrets and have a value. */
export const secretVariables = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env)
    .filter(([name, value]) => value !== '' && telling.test(name) && !/_FILE$/.test(name))
    .map(([name]) => name)
