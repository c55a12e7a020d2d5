// Writes a docker-archive of generated layers. usage: node archive.js FILE ENTRIES LAYERS [SEED]
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { rawTar } from '../test/support/raw-tar'
import { generatedLayers } from './generate'

const [path, entries, layers, seed = '1'] = process.argv.slice(2)
const file = openSync(path!, 'w')
const put = (name: string, content: Buffer): void => {
  // rawTar ends with two empty blocks, which belong at the end only.
  const tar = rawTar([[name, content.toString('latin1')]])
  writeSync(file, tar.subarray(0, tar.length - 1024))
}
const diffIds: string[] = []
const names: string[] = []
for (const layer of generatedLayers({ entries: Number(entries), layers: Number(layers), seed: Number(seed) })) {
  diffIds.push(`sha256:${createHash('sha256').update(layer).digest('hex')}`)
  names.push(`layer${names.length}.tar`)
  put(names.at(-1)!, layer)
}
put('config.json', Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { diff_ids: diffIds } })))
put('manifest.json', Buffer.from(JSON.stringify([{ Config: 'config.json', RepoTags: ['generated:1'], Layers: names }])))
writeSync(file, Buffer.alloc(1024))
closeSync(file)
