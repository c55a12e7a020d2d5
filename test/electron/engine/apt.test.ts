import { expect, test } from 'vitest'
import { installPackages } from '../../../electron/engine/setup/apt'
import { runCommand } from '../../../electron/engine/setup/run-command'

/** An apt that answers in turn; an empty answer is success. */
function scripted(answers: readonly string[]) {
  const calls: string[] = []
  const messages: string[] = []
  const left = [...answers]
  return {
    calls,
    messages,
    options: {
      pauseMs: 0,
      onMessage: (text: string) => void messages.push(text),
      apt: async (args: readonly string[]) => {
        calls.push(args.join(' '))
        const answer = left.shift() ?? ''
        if (answer !== '') throw new Error(answer)
      },
    },
  }
}

const install = 'install -y --no-install-recommends docker.io slirp4netns'

test('packages are installed without recommended ones, after an update', async () => {
  const { calls, messages, options } = scripted([])
  await installPackages(['docker.io', 'slirp4netns'], options)
  expect(calls).toEqual(['update', install])
  expect(messages).toEqual(['Installing docker.io, slirp4netns with apt …'])
})

test.each([
  ['update', '/var/lib/apt/lists/lock', (busy: string) => [busy, busy, ''], ['update', 'update', 'update', install]],
  ['install', '/var/lib/dpkg/lock-frontend', (busy: string) => ['', busy, busy], ['update', install, install, install]],
])('it waits, and says for what, while another program holds the lock of %s', async (_, lock, answers, expected) => {
  const busy = `apt-get ended with 100: E: Could not get lock ${lock}. It is held by process 812 (unattended-upgr)`
  const { calls, messages, options } = scripted(answers(busy))
  await installPackages(['docker.io', 'slirp4netns'], options)
  expect(calls).toEqual(expected)
  expect(messages.slice(1)).toEqual(['Waiting for unattended-upgr (process 812), which is installing packages …'])
})

test('it waits for the lock of dpkg, too, which another program may take after apt has its own', async () => {
  const words = 'dpkg: error: dpkg frontend lock was locked by another process with pid 812'
  const busy = `apt-get ended with 100: ${words} E: Sub-process /usr/bin/dpkg returned an error code (1)`
  const { calls, messages, options } = scripted(['', busy])
  await installPackages(['docker.io', 'slirp4netns'], options)
  expect(calls).toEqual(['update', install, install])
  expect(messages.slice(1)).toEqual(['Waiting for another program (process 812), which is installing packages …'])
})

test('a broken package source does not keep the others from installing', async () => {
  const { calls, options } = scripted(['E: The repository does not have a Release file.'])
  await installPackages(['docker.io', 'slirp4netns'], options)
  expect(calls).toEqual(['update', install])
})

test('a failure says apt’s own words, those of the update too', async () => {
  const { options } = scripted(['E: Failed to fetch x', 'E: Unable to locate package docker.io'])
  await expect(installPackages(['docker.io'], options)).rejects.toThrow(
    'E: Unable to locate package docker.io Before that, E: Failed to fetch x',
  )
})

test('of a program’s output its error lines are told, in English', async () => {
  const script = 'echo Reading; echo "E: one"; echo "dpkg: error: $LC_ALL" >&2; sleep 0.1; echo done; exit 100'
  await expect(runCommand('sh', ['-c', script])).rejects.toThrow(/^sh ended with 100: E: one dpkg: error: C$/)
  await expect(runCommand('sh', ['-c', 'echo one; echo two; exit 3'])).rejects.toThrow('sh ended with 3: two')
})

test('two installations run one after the other, and one that fails does not stop the next', async () => {
  const { calls, options } = scripted(['', 'E: Unable to locate package debootstrap'])
  const failed = installPackages(['debootstrap'], options)
  const next = installPackages(['docker.io', 'slirp4netns'], options)
  await expect(failed).rejects.toThrow('E: Unable to locate package debootstrap')
  await next
  expect(calls).toEqual(['update', 'install -y --no-install-recommends debootstrap', 'update', install])
})
