import { afterAll, describe, expect, test } from 'vitest'
import { buildFolder, engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()

const slim = 'FROM debian:bookworm-slim\n'
const python = 'FROM python:3.11-bookworm\n'
const node = 'FROM node:22-bookworm\nWORKDIR /app\n'
const goImage =
  'FROM debian:bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends golang-go && rm -rf /var/lib/apt/lists/*\n'
/** The first bytes of a program for 64-bit ARM. */
const armProgram = String.raw`\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000\267\000\001\000\000\000`

interface Case {
  readonly dockerfile: string
  readonly files?: Readonly<Record<string, string>>
  /** What the advice must name. */
  readonly names?: RegExp
}

/** Builds that fail, each for a reason that its name gives. */
const cases: Readonly<Record<string, Case>> = {
  'pep-668': {
    dockerfile: `${slim}RUN apt-get update && apt-get install -y --no-install-recommends python3-pip\nRUN pip install flask\n`,
    names: /venv/,
  },
  'apt-lists-missing': {
    dockerfile: `${slim}RUN rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y figlet\n`,
    names: /figlet.*apt-get update/,
  },
  'package-not-found': {
    dockerfile: `${slim}RUN apt-get update && apt-get install -y no-such-package\n`,
    names: /no-such-package/,
  },
  'apt-lists-stale': {
    dockerfile: `${slim}RUN apt-get update && sed -i 's#^\\(Filename: pool/main/h/hello/hello\\)_2[^_]*_#\\1_0.1_#' /var/lib/apt/lists/*_Packages\nRUN apt-get install -y hello\n`,
  },
  'apt-not-root': { dockerfile: `${slim}USER 1000\nRUN apt-get update\n`, names: /USER root/ },
  network: {
    dockerfile: `${python}RUN python3 -c "import urllib.request; urllib.request.urlopen('http://no-such-host.invalid/')"\n`,
  },
  tls: {
    dockerfile: `${python}RUN openssl req -x509 -newkey rsa:2048 -nodes -keyout /k -out /c -subj /CN=localhost 2>/dev/null && (openssl s_server -quiet -accept 14433 -key /k -cert /c -www & sleep 1; python3 -c "import urllib.request; urllib.request.urlopen('https://127.0.0.1:14433/')"; code=$?; kill %1; exit $code)\n`,
  },
  'npm-no-lock': {
    dockerfile: `${node}COPY package.json .\nRUN npm ci\n`,
    files: { 'package.json': '{"name":"a","version":"1.0.0"}' },
  },
  'npm-lock-differs': {
    dockerfile: `${node}COPY . .\nRUN npm ci\n`,
    files: {
      'package.json': '{"name":"a","version":"1.0.0","dependencies":{"local":"file:local"}}',
      'package-lock.json':
        '{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"a","version":"1.0.0"}}}',
      'local/package.json': '{"name":"local","version":"1.0.0"}',
    },
  },
  'npm-script-missing': {
    dockerfile: `${node}COPY package.json .\nRUN npm run bundle\n`,
    files: { 'package.json': '{"name":"a","version":"1.0.0","scripts":{}}' },
    names: /bundle/,
  },
  'node-module-missing': { dockerfile: `${node}RUN node -e "require('express')"\n`, names: /express/ },
  'pip-not-found': {
    dockerfile: `${python}RUN pip install --no-index no-such-distribution\n`,
    names: /no-such-distribution/,
  },
  'python-module-missing': { dockerfile: `${python}RUN python3 -c "import flask"\n`, names: /flask/ },
  'header-missing': {
    dockerfile: `${python}RUN printf '#include <pq-fe.h>\\n' > a.c && gcc -c a.c\n`,
    names: /pq-fe\.h/,
  },
  'library-missing': { dockerfile: `${python}RUN echo 'int main(){}' > a.c && gcc a.c -lpqxx\n`, names: /pqxx/ },
  'go-module-missing': {
    dockerfile: `${goImage}WORKDIR /src\nCOPY . .\nRUN go build .\n`,
    files: { 'go.mod': 'module a\ngo 1.19\n', 'main.go': 'package main\nimport _ "example.com/x"\nfunc main() {}\n' },
  },
  'secret-missing': { dockerfile: `${slim}RUN --mount=type=secret,id=token,required=true cat /run/secrets/token\n` },
  'wrong-architecture': {
    dockerfile: `${slim}RUN printf '${armProgram}' > /program && chmod +x /program\nRUN ["/program"]\n`,
  },
  'script-carriage-return': {
    dockerfile: `${slim}COPY --chmod=755 run.sh /run.sh\nRUN /run.sh\n`,
    files: { 'run.sh': '#!/usr/bin/env bash\r\necho hi\r\n' },
  },
  'no-shell': { dockerfile: 'FROM scratch\nCOPY a /a\nRUN echo hi\n', files: { a: '' } },
  'copy-outside': { dockerfile: `${slim}COPY ../secret.txt /\n` },
  'copy-ignored': {
    dockerfile: `${slim}COPY dist /dist\n`,
    files: { 'dist/a.js': '', '.dockerignore': 'dist\n' },
    names: /dist.*\.dockerignore/,
  },
  'copy-missing': { dockerfile: `${slim}COPY Config.yaml /\n`, files: { 'config.yaml': '' }, names: /Config\.yaml/ },
  'copy-from-missing': {
    dockerfile: `FROM debian:bookworm-slim AS build\nRUN mkdir /out\nFROM scratch\nCOPY --from=build /out/app /app\n`,
    names: /out\/app/,
  },
  permission: {
    dockerfile: `${slim}COPY run.sh /run.sh\nRUN /run.sh\n`,
    files: { 'run.sh': '#!/bin/sh\n' },
    names: /chmod/,
  },
  bashism: { dockerfile: `${slim}RUN if [[ a == b ]]; then echo x; else exit 1; fi\n` },
  'build-tool-missing': { dockerfile: `${slim}RUN make all\n`, names: /make/ },
  'loader-missing': {
    dockerfile: `${python}RUN echo 'int main(){}' > a.c && gcc a.c -Wl,-dynamic-linker,/lib/ld-musl-x86_64.so.1 -o /program\nRUN /program\n`,
    names: /\/program.*musl/,
  },
  'command-missing': { dockerfile: `${slim}RUN frobnicate --all\n`, names: /frobnicate/ },
  'user-missing': { dockerfile: `${slim}USER app\nRUN echo hi\n`, names: /app/ },
  'no-space': { dockerfile: `${slim}RUN dd if=/dev/zero of=/dev/full bs=1M count=1\n` },
  'out-of-memory': { dockerfile: `${slim}RUN sh -c 'kill -9 $$'\n` },
}

describe.skipIf(!engine)('the cause of a failed build is named', () => {
  const { client } = engine ?? ({} as never)
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await removeImages(client, folder)
  })
  test('at least twenty of them', () => expect(Object.keys(cases).length).toBeGreaterThanOrEqual(20))

  // One after the other: many failing builds at once are a trial of the engine, not of what is said about them.
  test.each(Object.entries(cases))('%s', async (id, { dockerfile, files, names }) => {
    const folder = makeFolder({ Dockerfile: dockerfile, ...files })
    folders.push(folder)
    const choice = { before: { id: 'Dockerfile' }, after: { id: 'copy:Dockerfile' } }
    const { variants } = await buildFolder(client, folder, { choice })
    // Equal steps of two builds run once, and the engine may tell one of them only why it failed.
    const failures = variants.map((each) => (each.ok ? undefined : each.failure))
    const failure = failures.find((each) => each?.code === 'build-failed' && each.cause !== undefined)
    expect(failure ?? failures).toMatchObject({ code: 'build-failed', cause: { id } })
    if (failure?.code !== 'build-failed') return
    expect(failure.line).toBeGreaterThan(1)
    const said = `${failure.cause?.what} ${failure.cause?.fix}`
    expect(said).not.toMatch(/\$1|something/)
    if (names) expect(said).toMatch(names)
  })
  test('what is not known is not guessed', async () => {
    const folder = makeFolder({ Dockerfile: `${slim}RUN echo strange; exit 9\n` })
    folders.push(folder)
    const { variants } = await buildFolder(client, folder, {
      choice: { before: { id: 'Dockerfile' }, after: { id: 'copy:Dockerfile' } },
    })
    expect(variants[0]).toMatchObject({ ok: false, failure: { code: 'build-failed', exitCode: 9, cause: undefined } })
  })
})
