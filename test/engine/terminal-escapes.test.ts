import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cutaway } from '../support/cli'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'
import { rawTar } from '../support/raw-tar'
import { makeTar } from '../support/tar'

// What a stranger's project, image or engine says is printed, and never obeyed by the terminal.

const engine = await engineOrSkip()

/** Writes the clipboard, colours, turns the direction around, goes back. */
const attack = '\x1b]52;c;cHduZWQ=\x07\u009b31m\u202e\b\rx'
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

async function expectHarmless(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { out, err } = await cutaway(args, environment)
  const printed = out + err
  expect(printed, args.join(' ')).not.toMatch(obeyed)
  expect(printed, args.join(' ')).toMatch(/\\x1b|\\u001b/)
  return printed
}

async function hostileArchive(): Promise<string> {
  const layer = await makeTar([
    [`bin/${attack}`, 'x', 0o4755],
    ['etc/passwd', `ro${attack}ot:x:0:0::/:/bin/sh\n`],
    ['bin/sh', '#!', 0o755],
    ['var/lib/dpkg/status', `Package: a\nStatus: install ok installed\nVersion: 1${attack.replace('\r', '')}\n`],
  ])
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { ExposedPorts: { [`80${attack}/tcp`]: {} }, Labels: { a: attack }, Env: [`A=${attack}`] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(layer).digest('hex')}`] },
    history: [{ created_by: `RUN ${attack}` }],
  }
  const manifest = [{ Config: 'config.json', RepoTags: [`a${attack}:1`], Layers: ['layer.tar'] }]
  const path = join(makeFolder({}), 'image.tar')
  const bytes = (text: string): string => Buffer.from(text).toString('latin1')
  const archive = rawTar([
    ['manifest.json', bytes(JSON.stringify(manifest))],
    ['config.json', bytes(JSON.stringify(config))],
    ['layer.tar', layer.toString('latin1')],
  ])
  writeFileSync(path, archive)
  return path
}

test('names, users, ports and instructions of an image', async () => {
  const path = await hostileArchive()
  for (const command of ['inspect', 'surface']) {
    await expectHarmless([command, path])
    await expectHarmless([command, path, '--json'])
  }
  for (const format of ['cyclonedx', 'spdx']) await expectHarmless(['sbom', path, '--format', format])
})

test('Dockerfiles by name and by what is in them, and arguments', async () => {
  const folder = makeFolder({
    'Dockerfile.\x1b[31mred\u202e': `FROM debian AS a\nRUN echo ${attack}\nFROM a\nENV PASSWORD=${attack}\n`,
  })
  for (const command of ['variants', 'check', 'graph']) {
    await expectHarmless([command, folder])
    await expectHarmless([command, folder, '--json'])
  }
  await expectHarmless(['graph', folder, '--svg'])
  await expectHarmless(['inspect', join(folder, attack), '--source', 'archive'])
  await expectHarmless([attack])
  await expectHarmless(['cache', attack])
  await expectHarmless(['graph', folder, `--${attack}`])
})

test('an engine’s words', async () => {
  const folder = makeFolder({})
  const server = createServer((request, response) => {
    if (request.url!.includes('/version'))
      response.end(JSON.stringify({ Version: `1${attack}`, ApiVersion: '1.41', Platform: { Name: attack } }))
    else response.writeHead(500).end(JSON.stringify({ message: `no ${attack}` }))
  })
  await new Promise<void>((done) => server.listen(join(folder, 's.sock'), done))
  onTestFinished(() => void server.close())
  const environment = { DOCKER_HOST: `unix://${folder}/s.sock`, CUTAWAY_DATA: join(folder, 'data') }
  await expectHarmless(['inspect', 'some-image'], environment)
  // An engine's version is one line without control characters before it is printed.
  const { out, err } = await cutaway(['engine', 'start'], environment)
  expect(out + err).toMatch(/^Using Docker 1 /)
  expect(out + err).not.toMatch(obeyed)
})

describe.skipIf(engine === undefined)('a build', () => {
  test('its log, its instructions and its failure', async () => {
    const print = String.raw`printf '\033]52;c;eA==\007\302\23331m\342\200\256\010 oh\n'`
    const folder = makeFolder({
      Dockerfile: `FROM debian:bookworm AS build\nRUN true ${attack.replace('\r', '')}\nRUN ${print}; exit 3\nFROM scratch\nCOPY --from=build /x /x\n`,
    })
    onTestFinished(() => removeImages(engine!.client, folder))
    const printed = await expectHarmless(['compare', folder])
    expect(printed).toContain('\\x1b]52;c;eA==\\x07\\x9b31m\\u202e\\x08 oh')
  })
})
