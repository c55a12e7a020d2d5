import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { EngineClient } from '../../electron/engine/docker/client'
import { buildFolder, copyExample, engineOrSkip, removeImages, runImage } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()
const calculation = '1 + 2\n1 / 0\nx\n'

/** Multi-stage files of which each has what once went wrong when a final stage was moved onto its build stage. */
const cases: Readonly<Record<string, string>> = {
  'a copy into the folder that it comes from': `FROM debian:bookworm AS build
WORKDIR /app
RUN printf "#!/bin/sh\\necho ok\\n" > /app/server && chmod +x /app/server
FROM debian:bookworm-slim
WORKDIR /app
COPY --from=build /app .
CMD ["./server"]
`,
  'a shared base stage with its own working folder': `FROM debian:bookworm AS base
WORKDIR /app
FROM base AS parts
RUN echo ok > part.txt
FROM base AS build
COPY --from=parts /app/part.txt ./part.txt
RUN cp part.txt whole.txt
FROM base
COPY --from=build /app/whole.txt ./whole.txt
CMD ["cat", "/app/whole.txt"]
`,
  'an owner given to files of a folder': `FROM debian:bookworm AS build
WORKDIR /src
RUN mkdir -p out/site && echo ok > out/site/index.txt
FROM debian:bookworm-slim
RUN useradd -m web
WORKDIR /srv/www
COPY --from=build --chown=web:web /src/out/site ./
USER web
CMD ["stat", "-c", "%U %n", ".", "index.txt"]
`,
  'an owner given to a folder that the build stage has': `FROM debian:bookworm AS build
RUN useradd builder
WORKDIR /app
RUN mkdir -p data && echo 0 > data/count
FROM debian:bookworm-slim
RUN useradd app
COPY --from=build --chown=app:app /app /app
WORKDIR /app
USER app
CMD ["sh", "-c", "echo 1 > data/count && touch new && stat -c '%u %U %a %n' . data new && id"]
`,
  'a user who may not write where files are copied': `FROM debian:bookworm AS build
RUN mkdir -p /out && echo ok > /out/app.txt
FROM debian:bookworm-slim
RUN useradd app && mkdir /opt/app
USER app
COPY --from=build /out/app.txt /opt/app/app.txt
CMD ["cat", "/opt/app/app.txt"]
`,
  'settings that the build stage leaves behind': `FROM debian:bookworm AS build
ENV GREETING=build PATH=/nowhere:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /src
SHELL ["/bin/bash", "-c"]
USER 33
RUN true
ENTRYPOINT ["/bin/false"]
FROM debian:bookworm-slim
COPY --from=build /etc/hostname /copied
CMD id && pwd && echo $0
`,
}

describe.skipIf(engine === undefined)('a final stage on top of its build stage', () => {
  const client = engine?.client as EngineClient
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await removeImages(client, folder)
  })

  async function outcomes(folder: string, input: string): Promise<unknown[]> {
    folders.push(folder)
    const { variants } = await buildFolder(client, folder)
    expect(variants[0]!.variant.derivation).toBe('stack')
    return Promise.all(
      variants.map((variant) =>
        variant.ok ? runImage(client, variant.imageId, input) : JSON.stringify(variant.failure),
      ),
    )
  }

  test.each(Object.entries(cases))('%s: both images do the same', async (_name, dockerfile) => {
    const [before, after] = await outcomes(makeFolder({ Dockerfile: dockerfile }), '')
    expect(before).toEqual(after)
    expect(after).toMatchObject({ exitCode: 0, output: expect.stringMatching(/./) })
  })

  test.each(['calculator-go', 'calculator-c', 'calculator-python', 'calculator-node'])(
    '%s: both images do the same',
    async (name) => {
      const { folder, remove } = copyExample(name)
      onTestFinished(remove)
      rmSync(join(folder, 'Dockerfile'))
      renameSync(join(folder, 'Dockerfile.multistage'), join(folder, 'Dockerfile'))
      const [before, after] = await outcomes(folder, calculation)
      expect(before).toEqual(after)
      expect(after).toMatchObject({ exitCode: 0, output: expect.stringContaining('3\nerror: division by zero') })
    },
  )
})
