import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { explainComparison, type Meaning, packClasses, unpackClasses } from '../../../electron/core/compare/meaning'
import type { FileInterest } from '../../../electron/core/image/file-interest'
import { type ImageIndex, makeImageIndex } from '../../../electron/core/image/image-index'
import { type Examination, examineImage } from '../../../electron/core/surface/examine'
import { toolCategory } from '../../../electron/core/surface/tool-names'
import { encodeUtf8 } from '../../../electron/core/utf8'
import { decoders } from '../../../electron/engine/packages/decoders'
import { layer, type Member } from '../../support/tar'

interface TestImage {
  readonly config?: object
  readonly layers: readonly (readonly Member[])[]
}

async function examined({ config = {}, layers }: TestImage): Promise<{ index: ImageIndex; examination: Examination }> {
  const tables = await Promise.all(layers.map((members) => layer(members)))
  const configJson = JSON.stringify({ config, rootfs: { diff_ids: layers.map((_, at) => `sha256:${at}`) } })
  const index = makeImageIndex({ imageId: `sha256:${'ab'.repeat(32)}`, source: 'export-stream', configJson, tables })
  const read = async (interests: readonly FileInterest[]): Promise<void> => {
    for (const [path, content, mode = 0o644] of layers.flat()) {
      if (typeof content !== 'string') continue
      const file = {
        path,
        name: path.slice(path.lastIndexOf('/') + 1),
        contentBytes: content.length,
        isExecutable: (mode & 0o111) !== 0,
      }
      for (const interest of interests)
        if (interest.wants(file)) await interest.take(path, new Uint8Array(encodeUtf8(content)))
    }
  }
  return { index, examination: await examineImage(index, decoders, read) }
}

async function explain(before: TestImage, after: TestImage): Promise<Meaning> {
  const [one, two] = [await examined(before), await examined(after)]
  const comparison = compareImages(one.index, two.index)
  const { meaning, classes } = explainComparison(comparison, { before: one.examination, after: two.examination })
  expect(unpackClasses(packClasses(classes))).toEqual(classes)
  return meaning
}

const debian: readonly Member[] = [
  ['bin/sh', { link: 'dash' }],
  ['bin/dash', 'dash', 0o755],
  ['usr/bin/curl', 'curl', 0o755],
  ['usr/bin/pip', 'pip', 0o755],
  ['etc/passwd', 'root:x:0:0:root:/root:/bin/sh\napp:x:1:1::/:/usr/sbin/nologin\nnobody:x:2:2::/:/bin/zsh\n'],
]

test.each([
  ['python3.11', 'interpreters'],
  ['x86_64-linux-gnu-gcc-12', 'compilers'],
  ['apt-get', 'packageManagers'],
  ['busybox', 'shells'],
  ['gdb', 'debuggers'],
  ['wget', 'networkTools'],
  ['gccgo-not-one', undefined],
  ['python-config-x', undefined],
] as const)('%s is of %s', (name, category) => {
  expect(toolCategory(name)).toBe(category)
})

test('given up is what this project uses: the shell for exec, the health check, what its script starts', async () => {
  const meaning = await explain(
    {
      config: {
        Entrypoint: ['/start.sh'],
        Healthcheck: { Test: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'] },
        Env: ['PATH=/usr/bin:/bin'],
      },
      layers: [
        [
          ...debian,
          ['start.sh', '#!/bin/sh\npip install -r /extra.txt\nexec /server\n', 0o755],
          ['server', 's', 0o755],
        ],
      ],
    },
    {
      config: { Entrypoint: ['/start.sh'], User: '65532' },
      layers: [
        [
          ['start.sh', '#!/bin/sh\npip install x\n', 0o755],
          ['server', 's', 0o755],
        ],
      ],
    },
  )
  expect(meaning.givenUp.map(({ what, missing }) => [what, missing])).toEqual([
    ['exec', 'a shell'],
    ['healthcheck', 'a shell'],
    ['healthcheck', 'curl'],
    ['start', 'pip'],
  ])
  expect(meaning.givenUp[0]!.command).toBe(
    'docker run --rm -it --pid=container:NAME --network=container:NAME --cap-add=SYS_PTRACE abababababab sh',
  )
})

test('nothing is given up that nobody uses, and nothing by an image that keeps it', async () => {
  const plain = { config: { Cmd: ['/server'] }, layers: [[...debian, ['server', 's', 0o755] as const]] }
  expect((await explain(plain, plain)).givenUp).toEqual([])
  const alone = { config: { Cmd: ['/server'] }, layers: [[['server', 's', 0o755] as const]] }
  expect((await explain(plain, alone)).givenUp.map(({ what }) => what)).toEqual(['exec'])
})

test('the surface is told as a difference: what is gone, what stays, what is new', async () => {
  const { surface } = await explain(
    { layers: [debian] },
    {
      config: { User: 'app', ExposedPorts: { '80/tcp': {} } },
      layers: [
        [
          ['bin/dash', 'dash', 0o755],
          ['opt/bin/nc', 'n', 0o4755],
        ],
      ],
    },
  )
  const line = (category: string) => {
    const { before, after, both, gone, stays, added } = surface.find((each) => each.category === category)!
    const names = (items: typeof gone): string[] => items.map(({ name }) => name)
    return { counts: [before, after, both], gone: names(gone), stays: names(stays), added: names(added) }
  }
  expect(line('shells')).toEqual({ counts: [1, 1, 1], gone: [], stays: ['/bin/dash'], added: [] })
  expect(line('networkTools')).toEqual({
    counts: [1, 1, 0],
    gone: ['/usr/bin/curl'],
    stays: [],
    added: ['/opt/bin/nc'],
  })
  expect(line('setuid').added).toEqual(['/opt/bin/nc'])
  expect(line('rootUser').counts).toEqual([1, 0, 0])
  expect(line('usersWithShell').gone).toEqual(['root'])
  expect(line('exposedPorts').added).toEqual(['80/tcp'])
})

test('what a later layer deleted is still there, and whether the other image has it is looked up', async () => {
  const { residue } = await explain(
    {
      layers: [
        [
          ['home/.ssh/id_ed25519', 'key'],
          ['large', 'x'.repeat(500)],
          ['kept', 'k'],
        ],
        [
          ['home/.ssh/.wh.id_ed25519', ''],
          ['.wh.large', ''],
        ],
      ],
    },
    { layers: [[['copy-of-large', 'x'.repeat(500)]]] },
  )
  expect(residue.before).toMatchObject({ files: 2, bytes: 503 })
  expect(residue.before.list.map(({ path, secret, isInOther }) => [path, secret, isInOther])).toEqual([
    ['/home/.ssh/id_ed25519', 'private key', false],
    ['/large', null, true],
  ])
  expect(residue.after.files).toBe(0)
})
