import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../../electron/core/dockerfile/stages'
import { type ImageSettings, noSettings } from '../../../../electron/core/image/image-settings'
import { stackStages } from '../../../../electron/core/variants/stack/stack'

function stack(text: string, images: Readonly<Record<string, Partial<ImageSettings>>> = {}) {
  const { value } = parseStages(text)
  return stackStages(value, value.stages.length - 1, (reference) => {
    const known = images[reference]
    return known && { ...noSettings, ...known }
  })
}

/** The lines from the new final stage on. */
function stacked(text: string, images: Readonly<Record<string, Partial<ImageSettings>>> = {}): string[] {
  const result = stack(text, images)
  if (!result.ok) throw new Error(result.problem)
  const lines = result.staged.dockerfile.text.trimEnd().split('\n')
  return lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')))
}

describe('a multi-stage file stacked into a traditional one', () => {
  test('the final stage’s own instructions stand unchanged on the build stage', () => {
    const build = 'ARG V=12\nFROM debian:$V AS build\nWORKDIR /src\nRUN make\n'
    const result = stack(
      `${build}\n# only the program\nFROM scratch\n# a word\nCOPY --from=build --chmod=755 --parents /src/./*.so /lib/\nENTRYPOINT ["/app"]\n`,
    )
    if (!result.ok) throw new Error(result.problem)
    expect(result.staged.dockerfile.text).toBe(
      `${build}\nFROM build AS traditional\nWORKDIR /\n# a word\nCOPY --from=build --chmod=755 --parents /src/./*.so /lib/\nENTRYPOINT ["/app"]\n`,
    )
    expect(result.reasons.map(({ line }) => line)).toEqual([7, 7])
  })

  test('settings that the build stage leaves behind are those of the final base again', () => {
    const text = `FROM golang:1.25 AS build
WORKDIR /src
USER 7
SHELL ["/bin/bash", "-c"]
STOPSIGNAL SIGINT
HEALTHCHECK CMD true
EXPOSE 90
ENTRYPOINT ["sh"]
RUN make
FROM debian:trixie
COPY --from=build /app /app
CMD ["/app"]
`
    const images = {
      'golang:1.25': { env: { PATH: '/go/bin:/bin', GOPATH: '/go' }, workdir: '/go', command: ['bash'] },
      'debian:trixie': { env: { PATH: '/bin' }, command: ['bash'] },
    }
    expect(stacked(text, images)).toEqual([
      'FROM build AS traditional',
      'ENV PATH=/bin',
      'WORKDIR /',
      'SHELL ["/bin/sh","-c"]',
      'USER 0:0',
      'STOPSIGNAL SIGTERM',
      'HEALTHCHECK NONE',
      'ENTRYPOINT []',
      'COPY --from=build /app /app',
      'CMD ["/app"]',
    ])
    const result = stack(text, images)
    if (result.ok) expect(result.reasons.at(-1)?.reason).toContain('EXPOSE 90/tcp, ENV GOPATH')
  })

  test('nothing is restored where both stages stand on one', () => {
    const text = `FROM debian:bookworm AS base
WORKDIR /app
FROM base AS build
RUN make
FROM base
COPY --from=build /app/x ./x
`
    expect(stacked(text)).toEqual(['FROM build AS traditional', 'COPY --from=build /app/x ./x'])
  })

  test('the command of the base stays where both bases are variants of one image, and is cleared where they are not', () => {
    const text = (final: string): string =>
      `FROM node:22-bookworm AS build\nRUN x\nFROM ${final}\nWORKDIR /a\nCOPY --from=build /a .\nCMD ["node", "a.js"]\n`
    expect(stacked(text('node:22-bookworm-slim'))).not.toContain('ENTRYPOINT []')
    expect(stacked(text('debian:bookworm-slim'))).toContain('ENTRYPOINT []')
  })

  test('a base that starts an interpreter by itself: the build stage’s interpreter of that name', () => {
    const text =
      'FROM python:3.11 AS b\nRUN pip\nFROM gcr.io/distroless/python3-debian12:nonroot\nCOPY --from=b /a /a\nCMD ["/a"]\n'
    expect(stacked(text)).toEqual([
      'FROM b AS traditional',
      'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      'WORKDIR /home/nonroot',
      'USER 65532',
      'ENTRYPOINT ["python3"]',
      'COPY --from=b /a /a',
      'CMD ["/a"]',
    ])
  })

  test('users that the final stage names are those of its base', () => {
    const text =
      'FROM debian:12 AS build\nRUN useradd x\nFROM debian:12-slim\nRUN useradd app\nCOPY --from=build --chown=app /app /app\nUSER app\n'
    expect(stacked(text)).toEqual([
      'FROM build AS traditional',
      'COPY --from=debian:12-slim /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/',
      'RUN useradd app',
      'RUN chown app /app',
      'COPY --from=build --chown=app /app /app',
      'USER app',
    ])
  })

  test('a folder that exists gets its owner as root, whoever the user is', () => {
    const text =
      'FROM debian:12 AS build\nRUN x\nFROM debian:12\nUSER 7\nCOPY --from=build --chown=7:7 --chmod=700 /app /app\n'
    expect(stacked(text).slice(-4)).toEqual([
      'USER root',
      'RUN chown 7:7 /app && chmod 700 /app',
      'USER 7',
      'COPY --from=build --chown=7:7 --chmod=700 /app /app',
    ])
  })

  test('a distroless base brings its certificates to a Debian without', () => {
    const text =
      'FROM debian:12 AS build\nRUN x\nFROM gcr.io/distroless/static:nonroot\nCOPY --from=build /a /a\nUSER nonroot\n'
    const base = 'gcr.io/distroless/static:nonroot'
    expect(stacked(text).slice(1, 3)).toEqual([
      `COPY --from=${base} /etc/passwd /etc/group /etc/`,
      `COPY --from=${base} /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt`,
    ])
  })

  test('a build stage without a name gets one; numbers stay', () => {
    const result = stack('FROM debian\nRUN x\nFROM scratch\nCOPY --from=0 /a /a\n')
    if (!result.ok) throw new Error(result.problem)
    expect(result.staged.dockerfile.text).toBe(
      'FROM debian AS build\nRUN x\n\nFROM build AS traditional\nWORKDIR /\nENTRYPOINT []\nCOPY --from=0 /a /a\n',
    )
    expect(parseStages(result.staged.dockerfile.text).diagnostics).toEqual([])
  })

  test.each([
    ['FROM debian AS a\nRUN x\nFROM a\nRUN y\n', 'copies nothing from a stage that builds something', undefined],
    [
      'FROM debian:12 AS a\nRUN x\nFROM alpine:3.20\nRUN adduser -D x\nCOPY --from=a /a /a\n',
      'Line 4 runs a command of alpine:3.20',
      0,
    ],
    ['FROM node:22 AS a\nRUN x\nFROM python:3.11\nCOPY --from=a /a /a\n', 'python:3.11 has programs of its own', 0],
    ['FROM node:22 AS a\nRUN x\nFROM node:22-alpine\nCOPY --from=a /a /a\n', 'are different distributions', 0],
  ])('%j is refused with a reason', (text, problem, buildStage) => {
    expect(stack(text)).toEqual({ ok: false, problem: expect.stringContaining(problem), buildStage })
  })
})
