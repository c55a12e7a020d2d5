/** The time of a tar member. */
export interface MemberTime {
  readonly mtime: Date
  readonly pax?: { readonly mtime: string }
}

/** tar-stream writes seconds as 32 bits with a sign, and no engine keeps a time before 1970. */
const latestSeconds = 2 ** 31 - 1

/** A file's time as a tar can say it: none before 1970, and one after 2038 in a PAX record. */
export function memberTime(mtimeMs: number): MemberTime {
  const seconds = Math.floor(mtimeMs / 1000)
  if (!(seconds > 0)) return { mtime: new Date(0) }
  if (seconds <= latestSeconds) return { mtime: new Date(seconds * 1000) }
  return { mtime: new Date(latestSeconds * 1000), pax: { mtime: String(seconds) } }
}
