import { describe, expect, test } from 'vitest'
import type { BuildEvent } from '../../../electron/core/build/build-event'
import { BuildProgress } from '../../../electron/core/build/build-progress'
import { diagnoseBuild } from '../../../electron/core/build/diagnose'
import { readVertexName } from '../../../electron/core/build/vertex-name'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import type { VariantBuild } from '../../../electron/core/variants/build-plan'
import type { Variant } from '../../../electron/core/variants/variant'

const text = 'FROM debian AS build\nRUN make\nCOPY . /src\nFROM scratch\nCOPY --from=build /a /a\n'

function variantOf(source: string): Variant {
  const staged = parseStages(source).value
  return {
    role: 'after',
    id: 'Dockerfile',
    title: 'Dockerfile',
    name: 'multi-stage',
    path: 'Dockerfile',
    context: '',
    derivation: undefined,
    reasons: [],
    staged,
    target: staged.stages.length - 1,
  }
}

const vertex = (
  digest: string,
  name: string,
  more: Partial<Extract<BuildEvent, { kind: 'vertex' }>> = {},
): BuildEvent => ({
  kind: 'vertex',
  digest,
  name,
  inputs: [],
  cached: false,
  startedMs: undefined,
  completedMs: undefined,
  error: '',
  ...more,
})

const states = (progress: BuildProgress): string =>
  progress
    .snapshot()
    .steps.map((step) => step.state)
    .join(' ')

test('vertex names are read in all their forms', () => {
  expect(readVertexName('[builder 2/5] RUN make')).toEqual({
    kind: 'step',
    stage: 'builder',
    number: 2,
    of: 5,
    text: 'RUN make',
  })
  expect(readVertexName('[1/2] FROM debian')).toEqual({
    kind: 'step',
    stage: undefined,
    number: 1,
    of: 2,
    text: 'FROM debian',
  })
  expect(readVertexName('[linux/amd64 build 1/3] FROM a')).toMatchObject({ stage: 'build', number: 1 })
  expect(readVertexName('[stage-1 1/2] ONBUILD RUN x')).toMatchObject({ text: 'RUN x' })
  expect(readVertexName('[internal] load build context')).toEqual({ kind: 'internal', text: 'load build context' })
  expect(readVertexName('exporting to image')).toEqual({ kind: 'export' })
})

describe('build progress', () => {
  test('a step goes from queued over running to done; intervals of a vertex add up', () => {
    const progress = new BuildProgress(variantOf(text), '')
    expect(states(progress)).toBe('queued queued queued queued')
    progress.apply(vertex('1', '[build 1/3] FROM docker.io/library/debian', { cached: true }))
    progress.apply(vertex('2', '[build 2/3] RUN make', { startedMs: 1000 }))
    expect(states(progress)).toBe('cached running queued queued')
    progress.apply(vertex('2', '[build 2/3] RUN make', { startedMs: 1000, completedMs: 1500 }))
    progress.apply(vertex('2', '[build 2/3] RUN make', { startedMs: 2000, completedMs: 2250 }))
    expect(progress.snapshot().steps[1]).toMatchObject({ state: 'done', elapsedMs: 750 })
  })
  test('stage labels of a composite file are matched by their prefix', () => {
    const progress = new BuildProgress(variantOf(text), 'after-')
    progress.apply(vertex('9', '[after-stage-1 1/1] COPY --from=after-build /a /a', { startedMs: 0, completedMs: 5 }))
    progress.apply(vertex('8', '[before-build 2/3] RUN make', { startedMs: 0, completedMs: 5 }))
    expect(states(progress)).toBe('queued queued queued done')
  })
  test('one FROM vertex serves two stages, and an equal step of another stage is found by its input', () => {
    const progress = new BuildProgress(
      variantOf(
        'FROM debian AS a\nRUN x\nFROM debian AS b\nRUN x\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n',
      ),
      '',
    )
    progress.apply(vertex('1', '[a 1/2] FROM docker.io/library/debian', { cached: true }))
    progress.apply(vertex('2', '[a 2/2] RUN x', { inputs: ['1'], startedMs: 0, completedMs: 9 }))
    expect(states(progress)).toBe('cached done cached done queued queued')
  })
  test('log text is put together across chunks', () => {
    const progress = new BuildProgress(variantOf(text), '')
    for (const part of ['one\ntw', 'o\r\nthr']) progress.apply({ kind: 'log', vertex: '2', text: part })
    expect(progress.logOf('2')).toEqual(['one', 'two', 'thr'])
  })
})

describe('diagnosis of a failed build', () => {
  const build = (variant: Variant): VariantBuild => ({
    variant,
    dockerfile: 'Dockerfile',
    dockerfileText: undefined,
    target: undefined,
    stagePrefix: '',
    originalLine: (line) => line + 10,
  })
  test('the step that failed is the reason, not the ones that were cancelled with it', () => {
    const variant = variantOf(text)
    const progress = new BuildProgress(variant, '')
    progress.apply(vertex('3', '[build 3/3] COPY . /src', { startedMs: 0, error: 'context canceled' }))
    progress.apply(
      vertex('2', '[build 2/3] RUN make', {
        startedMs: 0,
        error: 'process "/bin/sh -c make" did not complete successfully: exit code: 7',
      }),
    )
    progress.apply({ kind: 'log', vertex: '2', text: 'cc: no such file\n' })
    progress.apply({ kind: 'error', message: 'process "/bin/sh -c make" did not complete successfully: exit code: 7' })
    expect(diagnoseBuild(progress, build(variant), () => false)).toEqual({
      code: 'build-failed',
      file: 'Dockerfile',
      line: 2,
      instruction: 'RUN make',
      exitCode: 7,
      detail: 'process "/bin/sh -c make" did not complete successfully: exit code: 7',
      logTail: ['cc: no such file'],
      cause: undefined,
    })
    expect(states(progress)).toBe('skipped failed skipped skipped')
  })
  test('a syntax error names the line of the variant’s own file', () => {
    const variant = variantOf(text)
    const progress = new BuildProgress(variant, '')
    progress.apply({ kind: 'error', message: 'dockerfile parse error line 3: unknown instruction: FOO' })
    expect(diagnoseBuild(progress, build(variant), () => false)).toEqual({
      code: 'dockerfile-invalid',
      file: 'Dockerfile',
      line: 13,
      problem: 'unknown instruction: FOO',
    })
  })
  test('a full disk is said as such', () => {
    const variant = variantOf(text)
    const progress = new BuildProgress(variant, '')
    progress.apply({ kind: 'error', message: 'write /x: no space left on device' })
    expect(diagnoseBuild(progress, build(variant), () => false)).toEqual({ code: 'disk-full', where: 'engine' })
  })
})
