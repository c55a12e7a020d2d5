import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { DerivationTarget } from '../../electron/core/variants/derive/candidates'
import { buildDerived } from '../../electron/engine/derive/build-derived'
import { type DeriveResult, deriveVariant } from '../../electron/engine/derive/derive-variant'
import type { BuildVariantsOptions } from '../../electron/engine/docker/build-variants'
import type { EngineClient } from '../../electron/engine/docker/client'
import { choosePair } from '../../electron/engine/project/choose-pair'
import { openProject } from '../../electron/engine/project/open-project'
import { indexCacheFolder } from '../../electron/engine/setup/data-directory'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'
import { DiskIndexCache } from '../../electron/engine/store/index-cache'
import { engineOrSkip, removeImages, resources, runImage } from '../support/engine'

const engine = await engineOrSkip()
const gcc = 'RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev'

/** A program that tells who runs it and what of its surroundings it sees. */
const looking = String.raw`#include <stdio.h>
#include <unistd.h>
int main() { char place[99]; printf("%d %d %s %d %d\n", getuid(), geteuid(), getcwd(place, 99), access("/data", W_OK), access("/etc/app.conf", R_OK)); }
`

interface Case {
  readonly target?: DerivationTarget
  readonly base: string
  readonly files: Readonly<Record<string, string>>
}

const cases: Readonly<Record<string, Case>> = {
  'what make install wrote, a library and its cache entry included': {
    base: 'debian:bookworm-slim',
    files: {
      Dockerfile: `FROM debian:bookworm\n${gcc} make\nWORKDIR /src\nCOPY . .\nRUN make && make install\nCMD ["greet"]\n`,
      Makefile:
        'all: libgreet.so greet\nlibgreet.so: lib.c\n\tgcc -shared -fPIC -o $@ lib.c\ngreet: main.c libgreet.so\n\tgcc -o $@ main.c -L. -lgreet\ninstall:\n\tinstall -D -m 644 libgreet.so /usr/local/lib/libgreet.so\n\tinstall -D greet /usr/local/bin/greet\n\tinstall -D -m 600 Makefile /usr/local/share/greet/how\n\tldconfig\n',
      'lib.c': '#include <stdio.h>\nvoid greet() { puts("hello"); }\n',
      'main.c': 'void greet();\nint main() { greet(); return 3; }\n',
    },
  },
  'a user, a folder of its own and settings that a RUN beside packages wrote': {
    base: 'debian:bookworm-slim',
    files: {
      Dockerfile: `FROM debian:bookworm
${gcc} && echo conf > /etc/app.conf && useradd -r svc && mkdir -p /data && chown svc /data && chmod 2700 /data
COPY look.c /src/
RUN gcc -o /usr/local/bin/look /src/look.c && rm /src/look.c && echo more >> /etc/profile && chmod 4711 /usr/bin/tac
WORKDIR /srv/app
USER svc
ENV GREETING="a \\"b\\" \\$c"
CMD look && id -un && stat -c '%U %a' /data && tail -n 1 /etc/profile && stat -c %a /usr/bin/tac && echo "$GREETING"
`,
      'look.c': looking,
    },
  },
  'setuid, capabilities, hard and symbolic links': {
    base: 'debian:bookworm-slim',
    files: {
      Dockerfile: `FROM debian:bookworm
${gcc} libcap2-bin
COPY look.c /src/
RUN gcc -o /usr/local/bin/who /src/look.c && chmod 4755 /usr/local/bin/who && cp /usr/local/bin/who /usr/local/bin/low \\
 && setcap cap_net_bind_service=ep /usr/local/bin/low && ln /usr/local/bin/who /usr/local/bin/who2 && ln -s who /usr/local/bin/me
USER 1000
CMD ["me"]
`,
      'look.c': looking,
    },
  },
  'the same without a base': {
    target: 'minimal',
    base: 'scratch',
    files: {
      Dockerfile: `FROM debian:bookworm\n${gcc}\nCOPY look.c /src/\nRUN gcc -o /usr/local/bin/look /src/look.c && install -d -o 7 -m 700 /data\nUSER 7\nCMD ["look"]\n`,
      'look.c': looking,
    },
  },
  'what pip --user wrote': {
    base: 'python:3.11-slim-bookworm',
    files: {
      Dockerfile:
        'FROM python:3.11-bookworm\nRUN useradd --create-home app\nUSER app\nWORKDIR /home/app\nCOPY --chown=app . .\nENV PATH="/home/app/.local/bin:$PATH"\nRUN pip install --user --no-index --no-build-isolation ./greeting\nCMD ["greet"]\n',
      'greeting/setup.py':
        'from setuptools import setup\nsetup(name="greeting", version="1", py_modules=["greeting"], entry_points={"console_scripts": ["greet=greeting:main"]})\n',
      'greeting/greeting.py': 'import getpass\ndef main():\n    print("hello", getpass.getuser())\n',
    },
  },
}

describe.skipIf(engine === undefined)('a final stage derived from a built image', () => {
  const client = engine?.client as EngineClient
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) {
      await removeImages(client, folder)
      rmSync(folder, { recursive: true, force: true })
    }
  })

  function project(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'cutaway-derive-'))
    folders.push(folder)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }

  function optionsOf(folder: string): BuildVariantsOptions {
    const { signal } = new AbortController()
    const onMessage = (): void => undefined
    return {
      folder,
      noCache: false,
      signal,
      onMessage,
      onProgress: () => undefined,
      makeStandIn: (reference) =>
        makeStandIn(client, reference, { signal, onMessage, recipes: join(resources, 'stand-ins') }),
    }
  }

  async function derive(folder: string, target: DerivationTarget): Promise<DeriveResult> {
    const { offers } = await openProject(folder)
    const before = offers.variants.find(({ id }) => id === 'Dockerfile')!
    const deps = { client, cache: new DiskIndexCache(indexCacheFolder()), readsEngineFiles: true }
    return deriveVariant(deps, { before, target }, { ...optionsOf(folder), onStep: () => undefined })
  }

  /** What both images do, each built from its own Dockerfile. */
  async function runBoth(folder: string, target: DerivationTarget, input: string): Promise<unknown[]> {
    const pair = choosePair(await openProject(folder), {
      before: { id: 'Dockerfile' },
      after: { id: `${target}:Dockerfile` },
    })
    const { variants } = await buildDerived(client, [pair.before, pair.after], optionsOf(folder))
    return Promise.all(
      variants.map((variant) =>
        variant.ok ? runImage(client, variant.imageId, input) : JSON.stringify(variant.failure),
      ),
    )
  }

  test.each(Object.entries(cases))('%s: ships, and both images do the same', async (_name, each) => {
    const { target = 'multi-stage', base, files } = each
    const folder = project(files)
    const result = await derive(folder, target)
    if (!result.ok) throw new Error(result.problem)
    expect([result.problems, result.dockerfile.base]).toEqual([[], base])
    expect(result.afterBytes).toBeLessThan(0.5 * result.beforeBytes)
    expect(result.dockerfile.text).toContain(files.Dockerfile!.replace(/^FROM (\S+)/, 'FROM $1 AS build'))
    const [before, after] = await runBoth(folder, target, '')
    expect(after).toEqual(before)
    expect(before).toMatchObject({ output: expect.stringMatching(/\w/) })
  })

  test('an image that only configures a server: a second stage would leave nothing behind', async () => {
    const folder = project({
      Dockerfile: 'FROM nginxinc/nginx-unprivileged:stable\nCOPY site.conf /etc/nginx/conf.d/default.conf\n',
      'site.conf': 'server { listen 8080; }\n',
    })
    expect(await derive(folder, 'multi-stage')).toEqual({
      ok: false,
      problem: expect.stringContaining('a second stage would leave nothing behind'),
    })
  })

  test('deriving again gives the same text, and leaves no image but the first', async () => {
    const folder = project(cases['the same without a base']!.files)
    const first = await derive(folder, 'minimal')
    const images = (await client.listImages()).length
    const second = await derive(folder, 'minimal')
    if (!first.ok || !second.ok) throw new Error('it is refused')
    expect(second.dockerfile.text).toBe(first.dockerfile.text)
    expect(
      second.before.snapshot.steps.filter(({ state }) => state !== 'cached').map(({ keyword }) => keyword),
    ).toEqual(['FROM'])
    expect((await client.listImages()).length).toBe(images)
  })
})
