import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { comparisonFacts } from '../../../electron/core/compare/facts'
import {
  comparisonSecrets,
  redactComparison,
  redactionNote,
  redactReport,
} from '../../../electron/core/compare/redact-comparison'
import { unpackComparison } from '../../../electron/core/compare/saved-comparison'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { comparisonFile } from '../../../electron/engine/store/comparison-file'
import { layer } from '../../support/tar'

const config = {
  rootfs: { diff_ids: ['a'] },
  config: {
    Env: ['PATH=/bin', 'T=hunter2secret', 'API_KEY=k9k9k9', 'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D'],
    Labels: { 'com.example.token': 'of-a-label-7' },
    Cmd: ['serve', '--password', 'in-a-command-7'],
  },
  history: [{ created_by: 'RUN |1 TOKEN=hunter2secret /bin/sh -c echo hunter2secret > /x # buildkit' }],
}

const image = async () =>
  makeImageIndex({
    imageId: 'sha256:1',
    source: 'export-stream',
    configJson: JSON.stringify(config),
    tables: [await layer([['hunter2secret-is-a-file', 'x']])],
  })

const secrets = ['hunter2secret', 'k9k9k9', 'of-a-label-7', 'in-a-command-7', 'default-of-an-arg-7']

test('nothing secret is in the bytes of a saved comparison, and opening it is comparing again', async () => {
  const index = await image()
  const facts = comparisonFacts(compareImages(index, index))
  const page = { facts, text: 'FROM a\nARG TOKEN\nARG DB_PASSWORD=default-of-an-arg-7\nENV T=$TOKEN\n' }
  const comparison = { before: index, after: index, classes: undefined, page }
  const found = comparisonSecrets(comparison, { TOKEN: 'hunter2secret', VERSION: '1.2.3' })
  expect([...found].sort()).toEqual([...secrets].sort())
  const packed = gunzipSync((await comparisonFile(redactComparison(comparison, found))).subarray(40))
  const text = packed.toString('latin1')
  for (const secret of secrets.slice(1)) expect(text).not.toContain(secret)
  // A file's name is no text of anybody's: the tree is what it was.
  expect(text.split('hunter2secret').length - 1).toBe(1)
  expect(text).toContain('A035C8C19219BA821ECEA86B64E628F8D684696D')
  const opened = unpackComparison(new Uint8Array(packed))
  const again = comparisonFacts(compareImages(opened.before, opened.after))
  expect(again.before.layers[0]!.createdBy).toBe('RUN echo [redacted] > /x')
  expect((opened.page as typeof page).facts).toEqual(JSON.parse(JSON.stringify(again)))
  expect((opened.page as typeof page).text.split('\n')).toHaveLength(page.text.split('\n').length)
  expect(comparisonSecrets(opened, {})).toEqual([])
})

test('what the user wants to keep is kept', async () => {
  const index = await image()
  const whole = gunzipSync(
    (await comparisonFile({ before: index, after: index, classes: undefined, page: 1 })).subarray(40),
  )
  expect(whole.toString('latin1')).toContain('k9k9k9')
})

test('a report says how many were taken out, and nothing where there were none', () => {
  const report = { layers: ['ENV T=hunter2secret', 'ENV API_KEY=k9k9k9'] }
  expect(redactReport(report, ['hunter2secret'])).toEqual({
    layers: ['ENV T=[redacted]', 'ENV API_KEY=[redacted]'],
    redactedValues: 2,
  })
  expect(redactReport({ layers: ['ENV A=b'] }, [])).toEqual({ layers: ['ENV A=b'] })
  expect(redactionNote(1)).toBe('1 value that looks like a secret was replaced by [redacted].')
  expect(redactionNote(2)).toBe('2 values that look like secrets were replaced by [redacted].')
})
