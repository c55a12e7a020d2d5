import { describe, expect, onTestFinished, test } from 'vitest'
import type { Rung } from '../../electron/core/ladder/ladder'
import { cutaway } from '../support/cli'
import { engineOrSkip, listImages, removeImages, watchContainers } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined)('cutaway ladder', () => {
  test('builds every variant of a folder, one that fails too, and puts their figures side by side', async () => {
    const { client } = engine!
    const folder = makeFolder({
      'tool.bin': 'x'.repeat(2_000_000),
      'app.bin': 'y'.repeat(500_000),
      Dockerfile: `FROM scratch AS build
COPY tool.bin app.bin /work/
FROM scratch AS small
COPY --from=build /work/app.bin /app.bin
FROM scratch AS broken
COPY missing.bin /
FROM small
COPY tool.bin /tool.bin
`,
    })
    onTestFinished(() => removeImages(client, folder))
    const containers = await watchContainers(client)
    const asked = ['Dockerfile', 'Dockerfile#build', 'Dockerfile#small', 'Dockerfile#broken']
    const flags = asked.flatMap((id) => ['--variant', id])
    const { code, out, err } = await cutaway(['ladder', folder, '--json', ...flags])
    expect(code).toBe(1)
    const rungs = JSON.parse(out).rungs as Rung[]
    expect(rungs.map(({ id, outcome }) => [id, outcome.ok ? outcome.unpackedBytes : outcome.failure.code])).toEqual([
      ['Dockerfile', 2_500_000],
      ['Dockerfile#build', 2_500_000],
      ['Dockerfile#small', 500_000],
      ['Dockerfile#broken', 'build-failed'],
    ])
    expect(err).toMatch(/Variant 3 of 4: Dockerfile, stage small/)
    const built = rungs.flatMap(({ outcome }) => (outcome.ok ? [outcome.reference] : []))
    const tags = (await listImages(client)).flatMap((image) => image.tags)
    expect(tags).toEqual(expect.arrayContaining(built))
    await containers.expectNoneLeft()
    const table = await cutaway(['ladder', folder, '--variant', 'Dockerfile#small'])
    expect(table.code).toBe(0)
    expect(table.out).toMatch(/Dockerfile#small +500 kB +1 +0 +0 .* \d\/2 /)
    const unknown = await cutaway(['ladder', folder, '--variant', 'nothing'])
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringMatching(/has no variant “nothing”/)])
  })
})
