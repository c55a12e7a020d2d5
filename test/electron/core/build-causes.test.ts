import { describe, expect, test } from 'vitest'
import type { FailedStep } from '../../../electron/core/build/cause'
import { causeRules } from '../../../electron/core/build/cause-rules'
import { findCause } from '../../../electron/core/build/causes'

const step = (message: string, more: Partial<FailedStep> = {}): FailedStep => ({
  instruction: 'RUN make',
  exitCode: 1,
  message,
  log: [],
  isInFolder: () => false,
  ...more,
})

const notFound = 'failed to compute cache key: "/a.txt": not found'

describe('what a failed step’s words point to', () => {
  test.each<[string, FailedStep, string | undefined]>([
    ['nothing known', step('make: *** [all] Error 2'), undefined],
    ['a log line', step('exit code: 1', { log: ['error: externally-managed-environment'] }), 'pep-668'],
    ['a network of RUN', step('Could not resolve host: x'), 'network'],
    ['a network of FROM', step('Could not resolve host: x', { instruction: 'FROM x' }), undefined],
    ['no package lists', step('E: Unable to locate package x'), 'apt-lists-missing'],
    [
      'no such package',
      step('E: Unable to locate package x', { instruction: 'RUN apt-get -q update && apt-get install x' }),
      'package-not-found',
    ],
    ['a COPY that leaves', step('x', { instruction: 'COPY ../a /a' }), 'copy-outside'],
    ['a RUN that leaves', step('x', { instruction: 'RUN cat ../a' }), undefined],
    [
      'an ignored file',
      step(notFound, { instruction: 'COPY a.txt /', isInFolder: (path) => path === 'a.txt' }),
      'copy-ignored',
    ],
    [
      'a file of another stage',
      step(notFound, { instruction: 'COPY --from=b /a.txt /', isInFolder: () => true }),
      'copy-from-missing',
    ],
    ['a file that is not there', step(notFound, { instruction: 'ADD a.txt /' }), 'copy-missing'],
    ['a file that RUN misses', step(notFound), undefined],
    ['a shell that is not there', step('exec: "/bin/sh": stat /bin/sh: no such file or directory'), 'no-shell'],
    ['a tool that is not there', step('/bin/sh: 1: gcc: not found'), 'build-tool-missing'],
    ['a program that is not there', step('/bin/sh: 1: foo: not found'), 'command-missing'],
    ['a loader that is not there', step('/bin/sh: 1: /app: not found'), 'loader-missing'],
    ['words of a full memory', step('signal: killed'), 'out-of-memory'],
    ['exit code 137', step('x', { exitCode: 137 }), 'out-of-memory'],
    ['exit code 138', step('x', { exitCode: 138 }), undefined],
  ])('%s', (_, failed, expected) => {
    expect(findCause(failed)?.id).toBe(expected)
  })
})

test('the cause names what the words name', () => {
  expect(findCause(step('/bin/sh: 1: foo: not found'))).toEqual({
    id: 'command-missing',
    what: 'There is no program foo in this stage.',
    fix: 'Install it first, or start from an image that has it.',
  })
  expect(findCause(step(notFound, { instruction: 'COPY a.txt /' }))?.what).toBe('a.txt is not in the build context.')
})

test('all causes, to be read over', async () => {
  const text = causeRules.map(({ id, what, fix }) => `${id}\n  ${what}\n  ${fix}\n`).join('\n')
  await expect(text).toMatchFileSnapshot('../../corpus/sentences/build-causes.txt')
})
