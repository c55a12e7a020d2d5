import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { planBuilds } from '../../../electron/core/variants/build-plan'
import { pairDockerfiles } from '../../../electron/core/variants/pair'
import type { FoundDockerfile } from '../../../electron/core/variants/variant'

const single = 'FROM debian\nRUN make\n'
const multi = 'FROM debian AS build\nRUN make\nFROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n'

const found = (path: string, text: string, hasFilesBeside = true): FoundDockerfile => ({
  path,
  staged: parseStages(text).value,
  context: '',
  hasFilesBeside,
  files: { names: [], text: () => undefined },
})

function pairOf(files: readonly FoundDockerfile[]): string {
  const pairing = pairDockerfiles(files)
  if (pairing.kind === 'unpaired') return `unpaired ${pairing.path}`
  const { before, after } = pairing
  const name = before.derivation ? `${before.path} stacked` : before.id
  return `${name} -> ${after.path}`
}

describe('pairing', () => {
  test.each([
    [
      'two files in one folder',
      [found('Dockerfile', single), found('Dockerfile.multistage', multi)],
      'Dockerfile -> Dockerfile.multistage',
    ],
    [
      'a multi-stage file with a single-stage one in a sub-folder',
      [found('Dockerfile', multi), found('dockerfile-without-multistage/Dockerfile', single, false)],
      'dockerfile-without-multistage/Dockerfile -> Dockerfile',
    ],
    ['a multi-stage file alone', [found('Dockerfile', multi)], 'Dockerfile stacked -> Dockerfile'],
    [
      'a single-stage file that builds something else',
      [found('Dockerfile', multi), found('db/Dockerfile', single)],
      'Dockerfile stacked -> Dockerfile',
    ],
    [
      'a multi-stage file whose final base has programs of its own: its build stage',
      [found('Dockerfile', 'FROM node:22 AS web\nRUN x\nFROM nginx\nCOPY --from=web /dist /usr/share/nginx/html\n')],
      'Dockerfile#web -> Dockerfile',
    ],
    ['only a single-stage file', [found('Dockerfile', single)], 'Dockerfile -> Dockerfile'],
    [
      'several multi-stage files: the one nearest to the top',
      [found('a/Dockerfile', multi), found('Dockerfile', multi), found('Dockerfile.old', single)],
      'Dockerfile.old -> Dockerfile',
    ],
  ])('%s', (_what, files, expected) => {
    expect(pairOf(files)).toBe(expected)
  })
})

test('variants on disk are built as they are', () => {
  const pairing = pairDockerfiles([found('Dockerfile', single), found('Dockerfile.multistage', multi)])
  if (pairing.kind !== 'pair') throw new Error('unpaired')
  const plan = planBuilds([pairing.before, pairing.after])
  expect(
    plan.map(({ dockerfile, dockerfileText, target, stagePrefix }) => ({
      dockerfile,
      dockerfileText,
      target,
      stagePrefix,
    })),
  ).toEqual([
    { dockerfile: 'Dockerfile', dockerfileText: undefined, target: undefined, stagePrefix: '' },
    { dockerfile: 'Dockerfile.multistage', dockerfileText: undefined, target: undefined, stagePrefix: '' },
  ])
})

test('a derived variant shares one composite file with the other, under the project’s own Dockerfile name', () => {
  const text =
    'ARG TAG=12\nFROM debian:$TAG AS build\nARG TAG\nRUN --mount=type=bind,from=build0,target=/x make\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=0 /b /b\n'
  const pairing = pairDockerfiles([found('Dockerfile', text.replace('from=build0,', ''))])
  if (pairing.kind !== 'pair') throw new Error('unpaired')
  const [before, after] = planBuilds([pairing.before, pairing.after])
  expect(before!.dockerfileText).toBe(after!.dockerfileText)
  expect([before!.target, after!.target]).toEqual(['before-traditional', 'after-stage-1'])
  expect(before!.dockerfile).toBe('Dockerfile')
  const lines = after!.dockerfileText!.split('\n')
  expect(lines).toContain('FROM debian:12 AS after-build')
  expect(lines).toContain('ARG TAG="12"')
  expect(lines).toContain('COPY --from=after-build /app /app')
  expect(lines).toContain('COPY --from=after-build /b /b')
  const copyAt = lines.indexOf('COPY --from=after-build /app /app') + 1
  expect(after!.originalLine(copyAt)).toBe(6)
  expect(before!.originalLine(copyAt)).toBeUndefined()
})
