import { unzipSync } from 'fflate'
import initSqlJs from 'sql.js'
import type { Decoders } from '../../core/packages/find-packages'

/** A zip whose files claim to be larger is not unpacked. */
const largestUnpackedBytes = 400e6

/** How package databases are unpacked that are neither text nor rpm's own. */
export const decoders: Decoders = {
  unzip: (bytes, isWanted) => {
    let left = largestUnpackedBytes
    try {
      const files = unzipSync(bytes, {
        filter: ({ name, originalSize }) => {
          if (!isWanted(name) || originalSize > left) return false
          left -= originalSize
          return true
        },
      })
      return new Map(Object.entries(files))
    } catch {
      return new Map() // what is damaged, or no zip, says nothing
    }
  },
  rpmSqliteBlobs: async (bytes) => {
    const sqlite = await initSqlJs()
    try {
      const database = new sqlite.Database(bytes)
      try {
        const rows = database.exec('SELECT blob FROM Packages')[0]?.values ?? []
        return rows.map(([blob]) => blob).filter((blob) => blob instanceof Uint8Array)
      } finally {
        database.close()
      }
    } catch {
      return [] // damaged, or not closed properly: its journal is not read
    }
  },
}
