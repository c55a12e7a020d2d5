import type { Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'

/** The entries of a folder by name, no more than `most` of them. Throws what reading a folder throws. */
export async function listBounded(folder: string, most: number): Promise<Dirent[]> {
  const found: Dirent[] = []
  const directory = await opendir(folder, { bufferSize: 512 })
  for await (const entry of directory) if (found.push(entry) >= most) break // leaving the loop closes the folder
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}
