import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { startPath } from '../../electron/start-path'
import { makeFolder } from '../support/folder'

test('the folder to open is the first argument that exists, as a path or as a file: URL', () => {
  const folder = makeFolder({ 'a b/Dockerfile': '' })
  const path = join(folder, 'a b')
  for (const argument of [path, 'a b', pathToFileURL(path).href]) {
    expect(startPath(['cutaway', '--flag', 'no-such', argument], true, folder)).toBe(path)
    expect(startPath(['electron', '.', argument], false, folder)).toBe(path)
  }
  for (const argument of ['file://elsewhere/share/x', 'file:///no/such', 'file:///%00', 'file://%'])
    expect(startPath(['cutaway', argument], true, folder)).toBeUndefined()
})
