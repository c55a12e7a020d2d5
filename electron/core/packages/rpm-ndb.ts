const magic = { file: 0x506d7052, slot: 0x746f6c53, blob: 0x53626c42 } // "RpmP", "Slot", "BlbS", little-endian
const pageBytes = 4096
const slotBytes = 16
const blockBytes = 16

/** The headers of a database in rpm's own format (lib/backend/ndb/rpmpkg.c of rpm); none for what is no such file. */
export function ndbBlobs(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length < pageBytes) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, true) : 0)
  if (word(0) !== magic.file) return []
  const slotsEnd = Math.min(word(12) * pageBytes, bytes.length)
  const found: Uint8Array[] = []
  // The file's own header takes the place of the first two slots.
  for (let slot = 2 * slotBytes; slot + slotBytes <= slotsEnd; slot += slotBytes) {
    if (word(slot) !== magic.slot || word(slot + 4) === 0) continue
    const blob = word(slot + 8) * blockBytes
    if (word(blob) !== magic.blob || word(blob + 4) !== word(slot + 4)) continue
    found.push(bytes.subarray(blob + 16, blob + 16 + word(blob + 12)))
  }
  return found
}
