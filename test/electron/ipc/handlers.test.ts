import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { LocalImageStore } from '../../../electron/engine/store/image-store'
import type { HostEvent } from '../../../electron/ipc/contract'
import { createBackend } from '../../../electron/ipc/handlers'
import { Jobs } from '../../../electron/ipc/jobs'
import { makeFolder } from '../../support/folder'

beforeEach(() => {
  vi.stubEnv('CUTAWAY_DATA', makeFolder({}))
  return () => vi.unstubAllEnvs()
})

const backend = (log: (text: string) => void = () => undefined) =>
  createBackend({
    host: 'web',
    version: '0',
    initialPath: undefined,
    resources: join(import.meta.dirname, '../../../resources'),
    reportPage: '/no/such/page',
    store: new LocalImageStore(),
    emit: () => undefined,
    choosePath: async () => {
      throw new Error('a bug \x1b]0;title\x07')
    },
    log,
  })

test('input that does not fit the contract is refused before anything runs', async () => {
  for (const [name, input] of [
    ['no.such', {}],
    ['constructor', {}],
    ['project.open', {}],
    ['project.open', { path: 'a\0b' }],
    ['project.open', { path: '/x', extra: 1 }],
    ['comparison.entry', { comparisonId: '../x', node: 0 }],
    ['build.log', { jobId: 'x', role: 'middle', step: 0 }],
  ] as const)
    expect(await backend().handle(name, input)).toMatchObject({ ok: false, failure: { code: 'bad-input' } })
})

test('a failure of the environment is a reply; a bug is logged under an incident and tells nothing else', async () => {
  expect(await backend().handle('project.open', { path: '/no/such/folder' })).toEqual({
    ok: false,
    failure: { code: 'folder-missing', path: '/no/such/folder' },
  })
  const logged: string[] = []
  const reply = await backend((text) => logged.push(text)).handle('folder.choose', {})
  expect(reply).toMatchObject({ ok: false, failure: { code: 'internal' } })
  expect(logged.join()).toContain('a bug \\x1b]0;title\\x07\n')
  expect(JSON.stringify(reply)).not.toContain('a bug')
})

test('a project is shown with its graphs, its reasons and nothing parsed', async () => {
  const folder = makeFolder({
    Dockerfile: 'FROM debian AS build\nRUN make\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n',
  })
  const reply = await backend().handle('project.open', { path: folder })
  expect(reply).toMatchObject({
    ok: true,
    value: { variants: { before: { isDerived: true, file: 'Dockerfile (stacked)' }, after: { isDerived: false } } },
  })
  expect(() => structuredClone(reply)).not.toThrow()
  const lonely = await backend().handle('project.open', { path: makeFolder({ Dockerfile: 'FROM debian\nCMD x\n' }) })
  expect(lonely).toMatchObject({
    ok: true,
    value: {
      problem: undefined,
      variants: {
        after: {
          id: 'multi-stage:Dockerfile',
          file: 'Dockerfile (derived)',
          isDerived: true,
          isEdited: false,
          reasons: [{ reason: 'Its final stage will be derived from what the first build leaves in the image.' }],
        },
      },
    },
  })
})

test('the bundled examples are listed with their titles', async () => {
  const reply = await backend().handle('app.state', {})
  expect(reply).toMatchObject({
    ok: true,
    value: {
      examples: [
        { title: 'Calculator in C' },
        { title: 'Calculator in Go' },
        { title: 'Calculator in Node.js' },
        { title: 'Calculator in Python' },
      ],
    },
  })
})

test('progress of a job is thinned out, and none follows its end or its cancel', async () => {
  vi.useFakeTimers()
  const events: HostEvent[] = []
  const jobs = new Jobs((event) => events.push(event))
  let finish: () => void = () => undefined
  const work = jobs.run('one', async ({ report }) => {
    for (let at = 0; at < 50; at++) report({ kind: 'message', text: `${at}` })
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    report({ kind: 'message', text: 'late' })
  })
  await vi.advanceTimersByTimeAsync(100)
  expect(events).toEqual([{ kind: 'job', jobId: 'one', progress: { kind: 'message', text: '49' } }])
  await expect(jobs.run('one', async () => undefined)).rejects.toThrow()
  finish()
  await work
  await vi.advanceTimersByTimeAsync(1000)
  expect(events).toHaveLength(1)
  vi.useRealTimers()
})
