import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LocalImageStore } from '../../electron/engine/store/image-store'
import type { SavedPage } from '../../electron/ipc/saved-page'
import { cutaway } from '../support/cli'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()

const secrets = ['hunter2secret', 'of-compose-77', 'of-a-label-77', 'of-an-arg-77', 'of-a-log-77']

const shared = [
  'ARG TOKEN',
  'ARG COMPOSE_SECRET',
  'ARG DB_PASSWORD=of-an-arg-77',
  'ENV T=$TOKEN C=$COMPOSE_SECRET NODE_VERSION=22.1.0',
  'LABEL com.example.api-key=of-a-label-77',
  'RUN echo "$TOKEN" > /x && echo password=of-a-log-77',
].join('\n')

describe.skipIf(engine === undefined)('what is shared of a build with secrets', () => {
  test('has none of them in any form, unless the user asks for them', async () => {
    const folder = makeFolder({
      Dockerfile: `FROM debian:bookworm AS a\n${shared}\nFROM a\n${shared}\nCMD ["true"]\n`,
      'Dockerfile.single': `FROM debian:bookworm\n${shared}\nCMD ["true"]\n`,
      'compose.yaml':
        'services:\n  a:\n    build:\n      context: .\n      args:\n        COMPOSE_SECRET: of-compose-77\n',
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const [saved, report] = [join(folder, 's.cutaway'), join(folder, 'r.html')]
    const args = [
      'compare',
      folder,
      '--json',
      '--build-arg',
      'TOKEN=hunter2secret',
      '--save',
      saved,
      '--report',
      report,
    ]
    const unpacked = (): string => gunzipSync(readFileSync(saved).subarray(40)).toString('latin1')

    const { code, out, err } = await cutaway(args)
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/values that look like secrets were replaced by \[redacted\]/),
    ])
    for (const secret of secrets) for (const text of [out, unpacked()]) expect(text).not.toContain(secret)
    expect(JSON.parse(out).redactedValues).toBeGreaterThanOrEqual(4)
    expect(unpacked()).toContain('NODE_VERSION=22.1.0')
    const opened = (await new LocalImageStore().openSaved(saved))!
    const { view } = opened.page as SavedPage
    expect({ ...view.facts }).toEqual(JSON.parse(JSON.stringify(opened.facts)))
    expect(view.report.redactedValues).toBe(JSON.parse(out).redactedValues)

    const markdown = await cutaway([...args.filter((each) => each !== '--json'), '--markdown'])
    for (const secret of secrets) expect(markdown.out).not.toContain(secret)

    const whole = await cutaway([...args, '--include-secrets'])
    expect(whole.err).not.toContain('[redacted]')
    expect(unpacked()).toContain('hunter2secret')
    expect(unpacked()).toContain('of-an-arg-77')
  })
})
