import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { comparePackages } from '../../../electron/core/packages/compare-packages'
import { type InstalledPackages, ownFiles, packageReaders } from '../../../electron/core/packages/find-packages'
import { readGoBuildInfo } from '../../../electron/core/packages/go'
import { packageName } from '../../../electron/core/packages/package'
import { packagePurpose } from '../../../electron/core/packages/package-purpose'
import { encodeUtf8 } from '../../../electron/core/utf8'
import { decoders } from '../../../electron/engine/packages/decoders'
import { layer } from '../../support/tar'

const rpmSqlite = gunzipSync(readFileSync(join(import.meta.dirname, '../../corpus/packages/rpmdb.sqlite.gz')))

/** The packages of an image with these files, and the name of each file's owner. */
async function read(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ list: string[]; owners: Record<string, string>; installed: InstalledPackages }> {
  const members = Object.entries(files).map(([name, content]) => [name, content] as const)
  const table = await layer(members as never)
  const configJson = JSON.stringify({ rootfs: { diff_ids: ['sha256:0'] } })
  const { rootfs } = makeImageIndex({ imageId: 'x', source: 'export-stream', configJson, tables: [table] })
  const paths = new RootfsPaths(rootfs)
  const readers = packageReaders(decoders)
  for (const [path, content] of members) {
    const bytes = typeof content === 'string' ? encodeUtf8(content) : content
    const name = path.slice(path.lastIndexOf('/') + 1)
    const file = { name, path, contentBytes: bytes.length, isExecutable: true }
    for (const reader of readers) if (reader.wants(file)) await reader.take(path, bytes)
  }
  const installed = ownFiles(
    readers.flatMap((reader) => reader.finish()),
    rootfs,
    paths,
  )
  const owners = Object.fromEntries(
    members
      .map(([path]) => [path, installed.packages[installed.owner[paths.locate(path)!]!]] as const)
      .flatMap(([path, owner]) => (owner ? [[path, packageName(owner)]] : [])),
  )
  const list = installed.packages.map((each) => `${each.type} ${packageName(each)} ${each.version}`)
  return { list, owners, installed }
}

test('Debian: installed packages with their files; one that was removed and left its settings is none', async () => {
  const { list, owners, installed } = await read({
    'var/lib/dpkg/status': `Package: gcc-12
Status: install ok installed
Section: devel
Architecture: amd64
Source: gcc-12 (12.2)
Version: 12.2.0-14
Description: compiler
 more of it
 .
 Package: not-one

Package: libc6
Status: install ok installed
Section: libs
Architecture: amd64
Version: 2.36-9

Package: gone
Status: deinstall ok config-files
Version: 1
`,
    'var/lib/dpkg/info/gcc-12.list': '/.\n/usr\n/usr/bin\n/usr/bin/gcc-12\n',
    'var/lib/dpkg/info/libc6:amd64.list': '/lib/libc.so.6\n',
    'usr/bin/gcc-12': 'gcc',
    'lib/libc.so.6': 'libc',
    'usr/bin/own': 'own',
  })
  expect(list).toEqual(['deb gcc-12 12.2.0-14', 'deb libc6 2.36-9'])
  expect(owners).toEqual({ 'usr/bin/gcc-12': 'gcc-12', 'lib/libc.so.6': 'libc6' })
  expect([...installed.bytes]).toEqual([3, 4])
  expect(installed.packages.map(packagePurpose)).toEqual(['toolchain', 'system'])
})

test('distroless: a file in status.d for each package', async () => {
  const { list, owners } = await read({
    'var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2025b\nArchitecture: all\n',
    'var/lib/dpkg/status.d/tzdata.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n',
    'var/lib/dpkg/status.d/base-files': 'Package: base-files\nVersion: 13\n',
    'usr/share/zoneinfo/UTC': 'utc',
  })
  expect(list).toEqual(['deb base-files 13', 'deb tzdata 2025b'])
  expect(owners).toEqual({ 'usr/share/zoneinfo/UTC': 'tzdata' })
})

test('Alpine', async () => {
  const { list, owners, installed } = await read({
    'lib/apk/db/installed': `C:Q1abc
P:musl
V:1.2.5-r0
A:x86_64
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
F:
R:top

P:gcc
V:13.2-r1
o:gcc
F:usr/bin
R:gcc
`,
    'lib/ld-musl-x86_64.so.1': 'musl',
    'usr/bin/gcc': 'gcc',
    top: 'top',
  })
  expect(list).toEqual(['apk gcc 13.2-r1', 'apk musl 1.2.5-r0'])
  expect(owners).toEqual({ 'lib/ld-musl-x86_64.so.1': 'musl', 'usr/bin/gcc': 'gcc', top: 'musl' })
  expect(installed.packages.map(({ license }) => license)).toEqual(['', 'MIT'])
})

test('rpm, from the SQLite file that rpm 4.18 wrote, and the same headers in its own format', async () => {
  const files = { 'usr/bin/hello': 'hi', 'usr/share/hello/a b.txt': 'a', 'usr/include/hello.h': 'h' }
  const expected = {
    list: ['rpm hello 2:1.2-3', 'rpm hello-devel 1.2-3'],
    owners: { 'usr/bin/hello': 'hello', 'usr/share/hello/a b.txt': 'hello', 'usr/include/hello.h': 'hello-devel' },
  }
  const sqlite = await read({ ...files, 'var/lib/rpm/rpmdb.sqlite': rpmSqlite })
  expect(sqlite).toMatchObject(expected)
  expect(sqlite.installed.packages[0]).toMatchObject({ architecture: 'noarch', license: 'MIT' })
  const ndb = ndbFile(await decoders.rpmSqliteBlobs(rpmSqlite))
  expect(await read({ ...files, 'usr/lib/sysimage/rpm/Packages.db': ndb })).toMatchObject(expected)
})

/** A file as rpm's ndb writes it: a page of slots, then blobs in blocks of 16 bytes. */
function ndbFile(headers: readonly Uint8Array[]): Uint8Array {
  const page = Buffer.alloc(4096)
  page.write('RpmP', 0, 'latin1')
  page.writeUInt32LE(1, 12)
  const blobs: Buffer[] = []
  let block = 256
  headers.forEach((header, at) => {
    const blob = Buffer.alloc(Math.ceil((16 + header.length + 12) / 16) * 16)
    blob.write('BlbS', 0, 'latin1')
    blob.writeUInt32LE(at + 1, 4)
    blob.writeUInt32LE(header.length, 12)
    blob.set(header, 16)
    const slot = 32 + at * 16
    page.write('Slot', slot, 'latin1')
    page.writeUInt32LE(at + 1, slot + 4)
    page.writeUInt32LE(block, slot + 8)
    page.writeUInt32LE(blob.length / 16, slot + 12)
    blobs.push(blob)
    block += blob.length / 16
  })
  return Buffer.concat([page, ...blobs])
}

test('Python: wheels with their scripts, eggs, and a system package that owns what it brought', async () => {
  const site = 'usr/lib/python3/dist-packages'
  const { list, owners } = await read({
    'opt/venv/lib/python3.11/site-packages/Flask_Cors-4.0.dist-info/METADATA':
      'Metadata-Version: 2.1\nName: Flask-Cors\nVersion: 4.0\nLicense: MIT\n\nName: not-one\n',
    'opt/venv/lib/python3.11/site-packages/Flask_Cors-4.0.dist-info/RECORD':
      'flask_cors/__init__.py,sha256=x,1\n../../../bin/cors,,\n"flask_cors/a,b.py",,\n',
    'opt/venv/lib/python3.11/site-packages/flask_cors/__init__.py': 'i',
    'opt/venv/lib/python3.11/site-packages/flask_cors/a,b.py': 'c',
    'opt/venv/bin/cors': 's',
    [`${site}/six-1.16.0.egg-info/PKG-INFO`]: 'Metadata-Version: 1.2\nName: six\nVersion: 1.16.0\n',
    [`${site}/six-1.16.0.egg-info/top_level.txt`]: 'six\n',
    [`${site}/six.py`]: 'six',
    [`${site}/old-1.0.egg-info`]: 'Metadata-Version: 1.1\nName: old\nVersion: 1.0\n',
    'var/lib/dpkg/status': 'Package: python3-six\nStatus: install ok installed\nVersion: 1.16.0-4\n',
    'var/lib/dpkg/info/python3-six.list': `/${site}/six.py\n`,
  })
  expect(list).toEqual(['deb python3-six 1.16.0-4', 'pypi Flask-Cors 4.0', 'pypi old 1.0', 'pypi six 1.16.0'])
  expect(owners).toMatchObject({
    'opt/venv/lib/python3.11/site-packages/flask_cors/__init__.py': 'Flask-Cors',
    'opt/venv/lib/python3.11/site-packages/flask_cors/a,b.py': 'Flask-Cors',
    'opt/venv/bin/cors': 'Flask-Cors',
    [`${site}/six.py`]: 'python3-six',
    [`${site}/old-1.0.egg-info`]: 'old',
  })
})

test('Node.js: scopes, packages below packages, and a package.json that is none', async () => {
  const { list, owners } = await read({
    'app/package.json': '{"name":"app","version":"1.0.0"}',
    'app/node_modules/@scope/a/package.json': '{"name":"@scope/a","version":"2.0.0","license":"MIT"}',
    'app/node_modules/@scope/a/index.js': 'a',
    'app/node_modules/@scope/a/node_modules/b/package.json': '{"name":"b","version":"3.0.0"}',
    'app/node_modules/@scope/a/node_modules/b/lib/b.js': 'b',
    'app/node_modules/@scope/a/lib/package.json': '{"type":"module"}',
    'app/node_modules/broken/package.json': '{"name":',
    'app/node_modules/.package-lock.json': '{}',
  })
  expect(list).toEqual(['npm @scope/a 2.0.0', 'npm b 3.0.0'])
  expect(owners).toMatchObject({
    'app/node_modules/@scope/a/index.js': '@scope/a',
    'app/node_modules/@scope/a/node_modules/b/lib/b.js': 'b',
  })
  expect(owners['app/package.json']).toBeUndefined()
})

test('Ruby and PHP', async () => {
  const { list, owners } = await read({
    'usr/local/bundle/specifications/rack-3.1.gemspec':
      'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "3.1"\n  s.licenses = ["MIT".freeze]\nend\n',
    'usr/local/bundle/gems/rack-3.1/lib/rack.rb': 'rack',
    'app/vendor/composer/installed.json':
      '{"packages":[{"name":"monolog/monolog","version":"3.5.0","license":["MIT"]},{"name":"bad"}]}',
    'app/vendor/monolog/monolog/src/Logger.php': 'log',
  })
  expect(list).toEqual(['composer monolog/monolog 3.5.0', 'gem rack 3.1'])
  expect(owners).toMatchObject({
    'usr/local/bundle/gems/rack-3.1/lib/rack.rb': 'rack',
    'app/vendor/monolog/monolog/src/Logger.php': 'monolog/monolog',
  })
})

test('Java: by pom.properties, by manifest, by name; libraries inside an application', async () => {
  const text = (content: string): Uint8Array => new Uint8Array(encodeUtf8(content))
  const library = zipSync({
    'META-INF/maven/org.slf4j/slf4j-api/pom.properties': text(
      'version=2.0.9\ngroupId=org.slf4j\nartifactId=slf4j-api\n',
    ),
  })
  const application = zipSync({
    'META-INF/MANIFEST.MF': text('Manifest-Version: 1.0\r\nImplementation-Version: 1.\r\n 0\r\n\r\n'),
    'BOOT-INF/lib/slf4j-api-2.0.9.jar': library,
    'BOOT-INF/lib/plain-1.1.jar': zipSync({ 'A.class': text('x') }),
  })
  const { list, owners } = await read({ 'app/shop.jar': application, 'app/broken.jar': 'no zip' })
  expect(list).toEqual(['maven org.slf4j:slf4j-api 2.0.9', 'maven plain 1.1', 'maven shop 1.0'])
  expect(owners).toEqual({ 'app/shop.jar': 'shop' })
})

test('Go: the modules that a program names, replaced ones for what is really there', () => {
  const sentinel = 'x'.repeat(16)
  const modules =
    'path\tshop\nmod\texample.com/shop\t(devel)\t\ndep\tgolang.org/x/text\tv0.3.0\th1:x\ndep\told\tv1\n=>\t./new\t\n'
  const info = goProgram(`${sentinel}${modules}${sentinel}`)
  expect(readGoBuildInfo(info)).toEqual({
    goVersion: 'go1.22.1',
    modules: [
      { name: 'example.com/shop', version: '(devel)' },
      { name: 'golang.org/x/text', version: 'v0.3.0' },
      { name: './new', version: '(devel)' },
    ],
  })
  for (let length = 0; length < info.length; length += 7) readGoBuildInfo(info.subarray(0, length))
  expect(readGoBuildInfo(info.subarray(0, 40))).toBeUndefined()
})

function goProgram(modules: string): Uint8Array {
  const string = (text: string): Buffer => {
    const length = text.length
    const prefix = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
    return Buffer.concat([Buffer.from(prefix), Buffer.from(text)])
  }
  const header = Buffer.alloc(32)
  header.set([0xff, ...Buffer.from(' Go buildinf:'), 8, 2])
  const elf = Buffer.alloc(64)
  elf.set([0x7f, 0x45, 0x4c, 0x46])
  return Buffer.concat([elf, header, string('go1.22.1'), string(modules)])
}

test('damaged databases say less, and never end the reading', async () => {
  const whole: Readonly<Record<string, string | Uint8Array>> = {
    'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nVersion: 2\n',
    'lib/apk/db/installed': 'P:musl\nV:1\nF:lib\nR:x\n\nP:b\n',
    'var/lib/rpm/rpmdb.sqlite': rpmSqlite,
    'usr/lib/sysimage/rpm/Packages.db': ndbFile(await decoders.rpmSqliteBlobs(rpmSqlite)),
    'p/site-packages/x-1.dist-info/METADATA': 'Name: x\nVersion: 1\n',
    'p/site-packages/x-1.dist-info/RECORD': 'x.py,,\n"a""b",,\n../../../../../../y,,\n',
    'n/node_modules/x/package.json': '{"name":"x","version":"1","license":{"type":"MIT"}}',
    'g/specifications/x-1.gemspec': 's.name = "x"\ns.version = "1"\n',
    'v/composer/installed.json': '[{"name":"a/b","version":"1"}]',
    'j/x-1.jar': zipSync({ 'META-INF/MANIFEST.MF': new Uint8Array(encodeUtf8('Implementation-Version: 1\n\n')) }),
    'b/go': goProgram(`${'x'.repeat(16)}mod\ta\tv1\n${'x'.repeat(16)}`),
  }
  let seed = 1
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed % below
  }
  expect((await read(whole)).list.length).toBeGreaterThan(8)
  for (let round = 0; round < 60; round++) {
    const damaged = Object.entries(whole).map(([path, content]) => {
      const bytes = new Uint8Array(typeof content === 'string' ? encodeUtf8(content) : content)
      for (let flips = 0; flips < 8; flips++) bytes[random(bytes.length)] = random(256)
      return [path, round % 3 === 0 ? bytes.slice(0, random(bytes.length) + 1) : bytes] as const
    })
    const { installed } = await read(Object.fromEntries(damaged))
    for (const owner of installed.owner) expect(owner).toBeLessThan(installed.packages.length)
  }
})

test('packages of both images are joined by type and name', async () => {
  const status = (version: string): string =>
    `Package: libc6\nVersion: ${version}\n\nPackage: only-${version}\nVersion: 1\n`
  const before = await read({ 'var/lib/dpkg/status': status('2.36') })
  const after = await read({ 'var/lib/dpkg/status': status('2.41') })
  const { lines } = comparePackages(before.installed, after.installed)
  expect(lines.map(({ name, beforeVersions, afterVersions }) => [name, beforeVersions, afterVersions])).toEqual([
    ['libc6', ['2.36'], ['2.41']],
    ['only-2.36', ['1'], []],
    ['only-2.41', [], ['1']],
  ])
})
