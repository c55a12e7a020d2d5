// What makes a value in a text a secret: the name that it is assigned to, or its own form.

const telling =
  /(^|_)(TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|API_?KEYS?|(ACCESS|PRIVATE|SECRET|ENCRYPTION|MASTER|ACCOUNT)_?KEY|CREDENTIALS?|CREDS|AUTH|AUTHORIZATION|BEARER)(_|$)|_PWD$|(TOKEN|SECRET|PASSWORD|PASSWD|APIKEY)$/

/** About a secret, and none itself. */
const about =
  /_(FILE|PATH|DIR|URL|URI|HOST|PORT|NAME|USER|USERNAME|ID|TYPE|METHOD|MODE|ALGORITHM|ALG|HEADER|ISSUER|AUDIENCE|SCOPES?|REALM|PROVIDER|BACKEND|ENABLED|DISABLED|REQUIRED|LENGTH|TTL|EXPIR\w*|SECONDS|MINUTES|HOURS|DAYS|TIMEOUT|COUNT|LIMIT|VERSION|SOCK|STORE|ENDPOINT|PLUGIN|STRATEGY|POLICY|PREFIX|FORMAT|ENCODING|MD5|SHA\d+|FINGERPRINT)$/

/** Whether a variable, label or build argument of that name holds a secret: `API_TOKEN`, `dbPassword`, `com.example.secret-key`. */
export function isTellingName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return telling.test(words) && !about.test(words)
}

const ordinary =
  /^(true|false|yes|no|on|off|none|null|nil|undefined|default|required|optional|enabled|disabled|basic|bearer|oauth2?|jwt|md5|ssl|tls|plain|trust|token|password|secret|env|file|type)$/i

/** Whether a value can be a secret: no reference to a variable, placeholder, path, address, version, digest or plain word. */
export function isSecretValue(value: string): boolean {
  if (value.trim().length < 3 || ordinary.test(value)) return false
  if (/^[$%]|\$[{(]|^<.*>$|^\[redacted\]|^[*x.]+$/i.test(value)) return false
  if (/^(\.{0,2}|~)\/[\w./-]*$/.test(value) || /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i.test(value)) return false
  return !/^(sha\d+|md5):|^v?\d+(\.\d+)+([-+].*)?$|^\d{1,3}$/.test(value)
}

/** Whether a word of a command has a secret after it. */
export const isSecretFlag = (word: string): boolean => new RegExp(`^--?(?:${flags})$`, 'i').test(word)

const flags = 'password|passwd|passphrase|token|api-?key|access-?token|auth-?token|secret-?key|client-?secret'

export interface SecretShape {
  /** With a group `secret`, and a group `name` where the name decides. */
  readonly pattern: RegExp
  /** Whether it is one only under a telling name. */
  readonly isNamed: boolean
}

const name = String.raw`(?<name>[A-Za-z_][\w.-]*)`
const word = String.raw`(?!=)[^\s"'\`;&|<>()]+`
const shape = (source: string, flags = 'g'): SecretShape => ({ pattern: new RegExp(source, flags), isNamed: false })
const named = (source: string, flags = 'g'): SecretShape => ({ pattern: new RegExp(source, flags), isNamed: true })

/** Tokens that name their issuer. */
const tokens = [
  'gh[pousr]_[A-Za-z0-9]{30,}',
  'github_pat_\\w{22,}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\\w-]{20,}',
  'xox[abeoprs]-[\\w-]{10,}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[\\w-]{50,}',
  'dckr_pat_[\\w-]{20,}',
  'hf_[A-Za-z0-9]{30,}',
  'A(?:KIA|SIA)[0-9A-Z]{16}',
  'AIza[\\w-]{35}',
  '[rs]k_(?:live|test)_[A-Za-z0-9]{16,}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  'sk-[A-Za-z0-9][\\w-]{30,}',
  'AGE-SECRET-KEY-1[0-9A-Z]{50,}',
  // The limit keeps the search linear: a text may have the start of one everywhere.
  'eyJ[\\w-]{8,1000}\\.eyJ[\\w-]{8,}\\.[\\w-]*',
]

/** In the order in which they are taken out. */
export const secretShapes: readonly SecretShape[] = [
  shape(
    String.raw`(?<secret>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$))`,
  ),
  shape(`(?<![A-Za-z0-9])(?<secret>${tokens.join('|')})(?![A-Za-z0-9])`),
  shape(String.raw`hooks\.slack\.com/services/(?<secret>[\w/]{20,})`),
  // https://user:password@host, https://token@host
  shape(String.raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://[^\s/:@"']*:(?<secret>[^\s/@"']+)(?=@)`, 'gi'),
  shape(`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://(?<secret>[A-Za-z0-9_-]{20,})(?=@)`, 'gi'),
  // Authorization: Bearer x, X-Api-Key: x
  shape(String.raw`\b(?:Proxy-)?Authorization\s*:\s*(?:(?:Bearer|Basic|Token)\s+)?(?<secret>[^\s"'\\]+)`, 'gi'),
  shape(
    String.raw`(?<![\w-])(?:X-(?=[\w-]*(?:Token|Key|Auth))[\w-]+|(?:PRIVATE|JOB|DEPLOY)-TOKEN)\s*:\s*(?<secret>[^\s"'\\]+)`,
    'gi',
  ),
  // curl -u user:password, --password x
  shape(String.raw`\bcurl\b[^\n;&|]{0,300}?\s(?:-u|--user)[\s=]*["']?[^\s:"']+:(?<secret>[^\s"'\\]+)`),
  shape(String.raw`(?<![\w-])--?(?:${flags})(?:\s+|=|["']\s*,\s*)["']?(?<secret>(?!-)${word})`, 'gi'),
  named(String.raw`(?<![\w.$-])${name}=(?:"(?<secret>(?:[^"\\]|\\.)*)")`),
  named(String.raw`(?<![\w.$-])${name}=(?:'(?<secret>[^']*)')`),
  named(String.raw`(?<![\w.$-])${name}=(?<secret>${word})`),
  named(String.raw`"${name}"\s*:\s*"(?<secret>(?:[^"\\]|\\.)*)"`),
  // ENV NAME value, of old
  named(String.raw`^[ \t]*(?:ENV|LABEL)[ \t]+${name}[ \t]+(?<secret>[^\s=][^\n]*)$`, 'gim'),
]
