import { expect, test } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import type { ContextChange, Failure, PullRefusal } from '../../../electron/core/failure-kinds'

/** Failures of every kind: a code that is missing here is a type error. */
const failures: { readonly [Code in Failure['code']]: readonly Omit<Extract<Failure, { code: Code }>, 'code'>[] } = {
  cancelled: [{}],
  internal: [{ incident: 'ab12' }],
  'bad-input': [{ problem: 'path: too long' }],
  'host-lost': [{ detail: 'status 500' }],
  'no-access': [{}],
  'engine-unreachable': [
    { tried: [], chosenBy: undefined },
    ...(['DOCKER_HOST', 'DOCKER_CONTEXT', 'docker context use', 'app', undefined] as const).flatMap((chosenBy) => [
      { tried: [{ address: 'unix:///x.sock', context: undefined, reason: 'connection refused' }], chosenBy },
      {
        tried: [
          { address: 'ssh://me@far', context: 'far', reason: 'permission denied' },
          { address: '', context: 'none', reason: 'no address' },
        ],
        chosenBy,
      },
    ]),
  ],
  'engine-lost': [{ endpoint: 'unix:///x.sock' }, { endpoint: 'unix:///x.sock', reason: 'connection reset' }],
  'builder-missing': [{ engine: 'Podman 4.3' }],
  'engine-refused': [{ request: 'POST /build', status: 500, detail: 'no' }],
  'folder-missing': [{ path: '/gone' }],
  'path-unreadable': [
    { path: '/locked', detail: 'permission denied' },
    { path: '/loop', detail: 'too many symbolic links' },
  ],
  'path-unwritable': [{ path: '/ro', detail: 'read-only file system' }],
  'outside-project': [{ path: '../x' }],
  'file-unsuitable': [{ path: 'Dockerfile', problem: 'it is larger than 1 MB' }],
  'context-changed': (['vanished', 'shrank', 'grew', 'changed', 'replaced'] satisfies ContextChange[]).map(
    (change) => ({
      path: 'a.txt',
      change,
    }),
  ),
  'name-not-utf8': [{ path: 'a\\xff' }],
  'no-dockerfile': [{ path: '/empty' }],
  'nothing-to-build': [{ path: '/shop', left: 'Dockerfile', problem: 'it leads out of the folder' }],
  'dockerfile-invalid': [
    { file: 'Dockerfile', line: 3, problem: 'unknown instruction FOO.' },
    { file: 'Dockerfile', line: undefined, problem: 'it is empty.' },
  ],
  'no-pair': [{ file: 'Dockerfile', problem: 'it has one stage.' }],
  'variant-missing': [{ id: 'x', known: ['Dockerfile', 'Dockerfile#build'] }],
  'not-derivable': [{ file: 'Dockerfile', target: 'multi-stage', problem: 'no build is seen.' }],
  'base-image-unavailable': (
    ['registry-unreachable', 'not-found', 'denied', 'rate-limited', 'other'] satisfies PullRefusal[]
  ).map((reason) => ({ image: 'x/y:1', file: 'Dockerfile', line: 1, reason, detail: 'no' })),
  'build-failed': [
    { instruction: 'RUN make', exitCode: 2, logTail: ['one', 'the reason'], cause: undefined },
    { instruction: 'RUN make', exitCode: 2, logTail: [], cause: { id: 'x', what: 'This is why.', fix: 'Do that.' } },
    { instruction: 'COPY a b', exitCode: undefined, logTail: ['not this'], cause: undefined },
    { instruction: undefined, exitCode: undefined, logTail: [], cause: undefined },
  ].map((each) => ({ file: 'Dockerfile', line: each.instruction ? 4 : undefined, detail: 'the detail', ...each })),
  'disk-full': [{ where: 'engine' }],
  'image-missing': [{ reference: 'a:b' }],
  'scan-failed': [{ scanner: 'grype', detail: 'no database' }],
  'file-unreadable': [{ path: '/etc/x', problem: 'it is a folder' }],
  'source-unavailable': [{ source: 'tar-split', detail: 'no' }],
  'comparison-invalid': [{ path: 'a.cutaway', problem: 'it ends early' }],
  'archive-invalid': [
    { problem: 'it ends early', atByte: 2_000_000 },
    { problem: 'it ends early', atByte: 0 },
    { problem: 'it has no manifest', atByte: undefined },
  ],
}

test('every failure and what to do next, to be read over', async () => {
  const texts = Object.entries(failures).flatMap(([code, each]) =>
    each.map((fields) => {
      const { title, advice } = describeFailure({ code, ...fields } as Failure)
      expect(advice).toMatch(/[.)]$/)
      return `${code}\n  ${title}\n  ${advice}\n`
    }),
  )
  await expect(texts.join('\n')).toMatchFileSnapshot('../../corpus/sentences/failures.txt')
})
