import { expect, test } from 'vitest'
import { daemonSettings, lastWords } from '../../../electron/engine/setup/engine-daemon'
import { hasIpv6Route, obstacleToOwnNetwork, resolverFile } from '../../../electron/engine/setup/engine-network'

const hasAll = (): boolean => true

test.each([
  [{}, undefined],
  [{ HTTP_PROXY: 'http://proxy.corp:3128' }, undefined],
  [{ HTTP_PROXY: 'http://127.corp:3128', NO_PROXY: 'localhost' }, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
  [{ HTTP_PROXY: 'http://127.0.0.1:3128' }, 'HTTP_PROXY'],
  [{ https_proxy: 'http://me:word@localhost:3128/' }, 'https_proxy'],
  [{ ALL_PROXY: 'socks5://[::1]:1080' }, 'ALL_PROXY'],
  [{ http_proxy: 'localhost:3128' }, 'http_proxy'],
])('a proxy on a loopback address keeps the engine in the machine’s network: %o', (environment, name) => {
  const expected = name && `${name} is on this machine’s loopback address`
  expect(obstacleToOwnNetwork(environment, hasAll)).toBe(expected)
})

test.each(['slirp4netns', 'ip'])('without %s there is no network of its own', (program) => {
  const exists = (path: string): boolean => !path.endsWith(`/${program}`)
  expect(obstacleToOwnNetwork({}, exists)).toMatch(/^(slirp4netns|iproute2) is not installed$/)
})

const zeros = '0'.repeat(32)
test.each([
  [
    'a route',
    `${zeros} 00 ${zeros} 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
    true,
  ],
  ['only the unreachable one', `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`, false],
  [
    'a local network',
    `fd${'0'.repeat(30)} 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0`,
    false,
  ],
  ['no IPv6', '', false],
])('IPv6 is switched on where there is a default route: %s', (_, text, expected) => {
  expect(hasIpv6Route(text)).toBe(expected)
})

test('names are asked through the gateway, with the machine’s search list', () => {
  const machines = '# stub\nnameserver 127.0.0.53\nnameserver 10.0.0.1\noptions edns0 trust-ad\nsearch corp.example\n'
  const kept = 'options edns0 trust-ad\nsearch corp.example\n'
  expect(resolverFile(machines, true)).toBe(`nameserver 10.0.2.3\n${kept}`)
  expect(resolverFile('nameserver fe80::1%eth0\n', true)).toBe('nameserver fd00::3\n')
  expect(resolverFile('', false)).toBe('nameserver 10.0.2.3\n')
})

test.each([
  ['', '{}'],
  ['not JSON', '{}'],
  ['null', '{}'],
  [
    '{"data-root":"/x","hosts":["fd://"],"registry-mirrors":["https://m"],"insecure-registries":["r:5000"],"live-restore":true}',
    '{"registry-mirrors":["https://m"],"insecure-registries":["r:5000"]}',
  ],
])('of the machine’s daemon settings those of registries are kept: %s', (text, expected) => {
  expect(daemonSettings(text)).toBe(`${expected}\n`)
})

test('the end of a log is what went wrong', () => {
  const text = [
    'time="2026-01-01T00:00:00Z" level=info msg="Starting up"',
    'time="2026-01-01T00:00:00Z" level=error msg="failed to mount \\"overlay\\""',
    'failed to start daemon: error initializing graphdriver: driver not supported',
    'time="2026-01-01T00:00:00Z" level=info msg="[core] Channel closed"',
    '',
  ].join('\n')
  expect(lastWords(text, '/d/log')).toBe(
    'Its log says: failed to mount "overlay" / failed to start daemon: error initializing graphdriver: driver not supported (/d/log)',
  )
  expect(lastWords('', '/d/log')).toBe('Its log is empty: /d/log')
})
