import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  belongsTo,
  daemonsOf,
  isDaemonOf,
  type ProcessFacts,
  processesOf,
} from '../../../electron/engine/setup/engine-processes'
import { mountsIn } from '../../../electron/engine/setup/sweep'
import { makeFolder } from '../../support/folder'

const folders = { dataRoot: '/d/engine/data', runFolders: ['/run/cutaway-1', '/d/engine/exec'] }
const id = 'kq2v0dzl5jv9x4mgr6a1y3c7w'
const content = {
  hasContainer: (name: string): boolean => name === id,
  hasFolder: (path: string): boolean => path === '/d/engine/data/o/diff',
}
const facts = (command: string, more: Partial<ProcessFacts> = {}): ProcessFacts => ({
  pid: 5,
  arguments: command.split(' '),
  mounts: '',
  cgroups: '0::/\n',
  isElsewhere: false,
  ...more,
})
const root = (options: string): string =>
  `900 800 0:50 / /proc rw - proc proc rw\n901 800 0:51 / / rw,relatime - overlay overlay ${options}\n`

test.each<[string, ProcessFacts]>([
  ['the daemon', facts('/usr/sbin/dockerd --data-root=/d/engine/data')],
  ['its containerd', facts('containerd --config /run/cutaway-1/exec/containerd/containerd.toml')],
  ['that of an earlier version', facts('containerd --config /d/engine/exec/containerd/containerd.toml')],
  ['a shim', facts('/usr/bin/containerd-shim-runc-v2 -address /run/cutaway-1/exec/containerd/containerd.sock')],
  ['runc of a build step', facts('runc --log /d/engine/data/buildkit/executor/runc-log.json run')],
  ['the script that started it', facts('sh /run/cutaway-1/start.sh /run/cutaway-1')],
  ['a build step, by its root', facts('sleep 9', { mounts: root('rw,lowerdir=/x:/y,upperdir=/d/engine/data/o/diff') })],
  ['a build step, by its control group', facts('sleep 9', { cgroups: `0::/docker/buildkit/${id}\n` })],
  ['a container that systemd manages', facts('sleep 9', { cgroups: `0::/system.slice/docker-${id}.scope\n` })],
])('%s belongs to the engine', (_, process) => expect(belongsTo(folders, process, content)).toBe(true))

test.each<[string, ProcessFacts]>([
  ['the daemon of another engine', facts('/usr/sbin/dockerd --data-root=/d/engine/data2')],
  ['one without a folder', facts('/usr/sbin/dockerd -H fd://')],
  ['a user who reads the log or the data', facts('tail -f /d/engine/data/log')],
  ['a daemon in a container', facts('/usr/sbin/dockerd --data-root=/d/engine/data', { isElsewhere: true })],
  ['a build step of that daemon', facts('sleep 9', { mounts: root('rw,upperdir=/d/engine/data/p/diff') })],
  ['a client that talks to it', facts('docker-compose --host=unix:///run/cutaway-1/docker.sock up')],
  ['a user’s shell in a folder', facts('ls /run/cutaway-1')],
  ['a container of another engine', facts('sleep 9', { mounts: root('rw,upperdir=/var/lib/docker/o/diff') })],
  [
    'a process that only sees mounts',
    facts('sleep 9', { mounts: '1 1 0:1 / /d/x rw - overlay o rw,upperdir=/d/engine/data/o\n' }),
  ],
  ['another engine’s control group', facts('sleep 9', { cgroups: '0::/docker/aaaaaaaaaaaaaaaaaaaaaaaaa\n' })],
])('%s does not', (_, process) => expect(belongsTo(folders, process, content)).toBe(false))

test('the daemon is told by its data root', () => {
  expect(isDaemonOf(folders, facts('/usr/sbin/dockerd --data-root=/d/engine/data --iptables=false'))).toBe(true)
  expect(isDaemonOf(folders, facts('unshare --net dockerd --data-root=/d/engine/data'))).toBe(false)
  expect(isDaemonOf(folders, facts('/usr/sbin/dockerd --data-root=/d/engine/data2'))).toBe(false)
})

test('mounts in the folders are found by whole names, the last first', () => {
  const mountinfo = [
    '20 1 0:1 / / rw - ext4 /dev/vda rw',
    '21 20 0:2 / /d/engine/data/a\\040b rw - overlay overlay rw',
    '22 20 0:3 / /d/engine/data2/x rw - overlay overlay rw',
    '23 20 0:4 / /run/cutaway-1/exec/netns/default rw - nsfs nsfs rw',
    '',
  ].join('\n')
  expect(mountsIn(['/d/engine/data', '/run/cutaway-1'], mountinfo)).toEqual([
    '/run/cutaway-1/exec/netns/default',
    '/d/engine/data/a b',
  ])
})

const canUnshare = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0

test.skipIf(!canUnshare)('a daemon whose data root is another folder of the same name is left alone', async () => {
  const home = makeFolder({})
  const dataRoot = join(home, 'data')
  mkdirSync(dataRoot)
  const own = { dataRoot, runFolders: [join(home, 'run')] }
  const start = (before: string): number => {
    const daemon = `exec -a dockerd "${process.execPath}" -e "setTimeout(() => {}, 60000)" x "--data-root=${dataRoot}"`
    const child = spawn('unshare', ['--mount', 'bash', '-c', `${before}${daemon}`], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child.pid!
  }
  start(`mount -t tmpfs cutaway "${home}" && mkdir "${dataRoot}" && `)
  const pid = start('')
  await expect.poll(() => daemonsOf(own)).toContain(pid)
  // The other one has had as long to start.
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(daemonsOf(own)).toEqual([pid])
  expect(processesOf(own)).toEqual([pid])
})
