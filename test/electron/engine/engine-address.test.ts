import { expect, test } from 'vitest'
import { parseAddress } from '../../../electron/engine/docker/engine-address'
import { sshArguments } from '../../../electron/engine/docker/ssh-connection'

test.each([
  ['unix:///run/a b%20#?.sock', { kind: 'socket', path: '/run/a b%20#?.sock' }],
  ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
  ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
  ['tcp://box:2376', { kind: 'tcp', host: 'box', port: 2376, prefix: '', isHttps: false }],
  [' box:99 ', { kind: 'tcp', host: 'box', port: 99, prefix: '', isHttps: false }],
  ['tcp://:2375', { kind: 'tcp', host: 'localhost', port: 2375, prefix: '', isHttps: false }],
  ['tcp://[::1]:5/docker/', { kind: 'tcp', host: '::1', port: 5, prefix: '/docker', isHttps: false }],
  ['https://box', { kind: 'tcp', host: 'box', port: 443, prefix: '', isHttps: true }],
  ['http://box', { kind: 'tcp', host: 'box', port: 80, prefix: '', isHttps: false }],
  ['HTTPS://box:1', { kind: 'tcp', host: 'box', port: 1, prefix: '', isHttps: true }],
  ['ssh://box', { kind: 'ssh', host: 'box' }],
  [
    'ssh://me@box:2222/run/user/1000/docker.sock',
    { kind: 'ssh', host: 'box', user: 'me', port: 2222, socket: '/run/user/1000/docker.sock' },
  ],
  ['ssh://me@[fe80::1]/', { kind: 'ssh', host: 'fe80::1', user: 'me' }],
])('%s', (address, expected) => {
  expect(parseAddress(address)).toEqual(expected)
})

test.each([
  ['fd://3', /^fd:\/\/ addresses aren’t supported/],
  ['http+unix://x', /^http\+unix:\/\/ addresses aren’t supported/],
  ['ssh://', /valid address|host name/],
  ['ssh://-oProxyCommand=touch@box', /user name/],
  ['ssh://-oProxyCommand=touch', /host name/],
  ['ssh://me@-oProxyCommand=touch', /host name/],
  ['ssh://me@box;touch', /host name/],
  ['ssh://$(touch)@box', /user name|valid address/],
  ['ssh://me@bo%20x', /host name|valid address/],
  ['ssh://me@box/run/$(touch)', /path/],
  ['ssh://me@box/a%20b', /path/],
  ['ssh://me@box/a%zz', /valid address/],
  ['ssh://me@box?x', /path/],
  ['ssh://me:pw@box', /password/],
  ['tcp://a b', /valid address/],
  ['tcp://box:99999', /valid address/],
])('%s is refused', (address, problem) => {
  expect(() => parseAddress(address)).toThrow(problem)
})

test('the arguments of ssh are options, the host after --, and the command of the other side', () => {
  expect(sshArguments({ kind: 'ssh', host: 'box', user: 'me', port: 22, socket: '/d.sock' })).toEqual([
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-l', 'me', '-p', '22', '--', 'box'],
    ...['docker', '--host', 'unix:///d.sock', 'system', 'dial-stdio'],
  ])
})
