import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { appVersion } from '../../electron/version'

test('the version is the one in package.json, whatever npm runs around it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'version-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'out/main'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'cutaway', version: '7.8.9' }))
  expect(appVersion(join(folder, 'out/main'))).toBe('7.8.9')
})
