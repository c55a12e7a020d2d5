import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../support/folder'

const script: string = join(import.meta.dirname, '../../../scripts/bootstrap.mjs')
const { npmCommand } = await import(script)

test('npm is run as a script of this Node, not as the batch file that PATH has on Windows', () => {
  const windows = makeFolder({ 'node.exe': '', 'node_modules/npm/bin/npm-cli.js': '' })
  const own = join(windows, 'node_modules/npm/bin/npm-cli.js')
  const node = join(windows, 'node.exe')
  expect(npmCommand({}, node)).toEqual([node, own])
  expect(npmCommand({ npm_execpath: '/no/such/npm-cli.js' }, node)).toEqual([node, own])
  const other = makeFolder({ 'npm-cli.js': '', 'pnpm.cjs': '' })
  expect(npmCommand({ npm_execpath: join(other, 'npm-cli.js') }, node)).toEqual([node, join(other, 'npm-cli.js')])
  expect(npmCommand({ npm_execpath: join(other, 'pnpm.cjs') }, node)).toEqual([node, own])
  const unix = makeFolder({ 'bin/node': '', 'lib/node_modules/npm/bin/npm-cli.js': '' })
  expect(npmCommand({}, join(unix, 'bin/node'))[1]).toBe(join(unix, 'lib/node_modules/npm/bin/npm-cli.js'))
})
