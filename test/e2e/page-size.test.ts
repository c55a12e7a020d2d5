import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../out/renderer')

test('the first screen needs little: no parser of Dockerfiles, no editor, no charts', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const initial = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js') && page.includes(name))
  const bytes = initial.map((name) => gzipSync(readFileSync(join(folder, 'assets', name))).length)
  expect(initial).toHaveLength(1)
  expect(bytes[0]).toBeGreaterThan(50_000)
  // 119 kB in November 2026; dockerfile-ast alone would be 25 kB, and is the host's.
  expect(bytes[0]).toBeLessThan(135_000)
})
