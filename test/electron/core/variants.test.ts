import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { planBuilds } from '../../../electron/core/variants/build-plan'
import { copyInside } from '../../../electron/core/variants/copy-inside'
import { flattenStages } from '../../../electron/core/variants/flatten'
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
  return `${before.path}${before.derivation ? ' flattened' : ''} -> ${after.path}`
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
    ['a multi-stage file alone', [found('Dockerfile', multi)], 'Dockerfile flattened -> Dockerfile'],
    [
      'a single-stage file that builds something else',
      [found('Dockerfile', multi), found('db/Dockerfile', single)],
      'Dockerfile flattened -> Dockerfile',
    ],
    ['only a single-stage file', [found('Dockerfile', single)], 'unpaired Dockerfile'],
    [
      'several multi-stage files: the one nearest to the top',
      [found('a/Dockerfile', multi), found('Dockerfile', multi), found('Dockerfile.old', single)],
      'Dockerfile.old -> Dockerfile',
    ],
  ])('%s', (_what, files, expected) => {
    expect(pairOf(files)).toBe(expected)
  })
})

const flat = (text: string): string[] => {
  const { value } = parseStages(text)
  const { staged } = flattenStages(value, value.stages.length - 1)
  return staged.dockerfile.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

describe('flattening', () => {
  test('the build stage stays, the final stage’s settings follow, the copy happens inside', () => {
    expect(
      flat(
        'FROM golang AS build\nWORKDIR /src\nRUN go build -o /out/app\nCMD ["sh"]\nFROM scratch\nCOPY --from=build /out/app /app\nENV A=1\nEXPOSE 80\nUSER 1000\nENTRYPOINT ["/app"]\n',
      ),
    ).toEqual([
      'FROM golang',
      'WORKDIR /src',
      'RUN go build -o /out/app',
      'USER root',
      'WORKDIR /',
      `RUN ["/bin/sh","-c","${copyInside(parseStages('FROM x\nCOPY --from=build /out/app /app').value.stages[0]!.instructions[0]!).lines[0]!.slice('RUN ["/bin/sh","-c","'.length, -2)}"]`,
      'ENV A=1',
      'USER 1000',
      'EXPOSE 80',
      'ENTRYPOINT ["/app"]',
    ])
  })
  test('global args stay before FROM, and a shared base stage is written once', () => {
    expect(
      flat(
        'ARG V=1\nFROM node:$V AS base\nENV X=1\nFROM base AS build\nRUN npm ci\nFROM base\nCOPY --from=build /app /app\nCMD ["node"]\n',
      ),
    ).toEqual([
      'ARG V=1',
      'FROM node:$V',
      'ENV X=1',
      'RUN npm ci',
      'USER root',
      'WORKDIR /',
      'ENTRYPOINT []',
      'CMD ["node"]',
    ])
  })
  test('a stage with commands on another base stays apart, and the reasons say so', () => {
    const text =
      'FROM node AS web\nRUN npm run build\nFROM golang AS api\nRUN go build\nRUN go vet\nFROM scratch\nCOPY --from=web /dist /dist\nCOPY --from=api /app /app\nCMD ["/app"]\n'
    const { staged, reasons } = flattenStages(parseStages(text).value, 2)
    expect(staged.stages.map((stage) => stage.from.text)).toEqual(['FROM node AS web', 'FROM golang'])
    expect(staged.dockerfile.text).toContain('COPY --from=web /dist /dist')
    expect(reasons.map((reason) => reason.reason).join()).toContain('cannot be merged')
  })
  test('a stage that stays apart keeps the stage it is based on, and is named instead of numbered', () => {
    const text =
      'FROM node AS tools\nENV X=1\nFROM tools\nRUN npm run build\nFROM golang AS api\nRUN go build\nRUN go vet\nFROM scratch\nCOPY --from=1 /dist /dist\nCOPY --from=api /app /app\nCMD ["/app"]\n'
    const { staged } = flattenStages(parseStages(text).value, 3)
    expect(staged.stages.map((stage) => stage.from.text)).toEqual([
      'FROM node AS tools',
      'FROM tools AS stage-1',
      'FROM golang',
    ])
    expect(staged.dockerfile.text).toContain('COPY --from=stage-1 /dist /dist')
    expect(parseStages(staged.dockerfile.text).diagnostics).toEqual([])
  })
  test('apk is not run on a Debian base', () => {
    const text = 'FROM golang AS b\nRUN go build\nFROM alpine\nRUN apk add curl\nCOPY --from=b /a /a\nCMD ["/a"]\n'
    expect(flat(text)).not.toContain('RUN apk add curl')
  })
  test('stages the target does not need are left out', () => {
    expect(
      flat(
        'FROM debian AS build\nRUN make\nFROM build AS test\nRUN make test\nFROM scratch\nCOPY --from=build /a /a\n',
      ).join(),
    ).not.toContain('make test')
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
  expect([before!.target, after!.target]).toEqual(['before-stage-0', 'after-stage-1'])
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
