import type { FileInterest } from '../image/file-interest'
import { decodeUtf8 } from '../utf8'

/** What a system says of itself (https://www.freedesktop.org/software/systemd/man/latest/os-release.html); '' where it does not. */
export interface Distribution {
  /** `debian`. */
  readonly id: string
  /** `12`. */
  readonly version: string
}

export function distributionReader(): FileInterest & { finish(): Distribution } {
  let found: Distribution = { id: '', version: '' }
  return {
    wants: ({ path }) => path === 'etc/os-release' || path === 'usr/lib/os-release',
    take: (_path, bytes) => {
      const fields = new Map(
        decodeUtf8(bytes)
          .split('\n')
          .map((line) => /^(\w+)=["']?(.*?)["']?\s*$/.exec(line))
          .filter((match) => match !== null)
          .map(([, name, value]) => [name!, value!]),
      )
      found = { id: fields.get('ID') ?? '', version: fields.get('VERSION_ID') ?? '' }
    },
    finish: () => found,
  }
}
