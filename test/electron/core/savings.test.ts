import { describe, expect, test } from 'vitest'
import { parseStages } from '../../../electron/core/dockerfile/stages'
import { applyEdit, type Finding } from '../../../electron/core/findings/finding'
import { findSavings } from '../../../electron/core/findings/savings/find-savings'

/** Context files by name; their text where it matters. */
const filesOf = (texts: Readonly<Record<string, string>>) => ({
  names: Object.keys(texts),
  text: (name: string) => texts[name],
})

/** A .dockerignore and a user, so that only what a case is about is found. */
function savings(text: string, texts: Readonly<Record<string, string>> = {}): Finding[] {
  const { value, diagnostics } = parseStages(text)
  expect(diagnostics).toEqual([])
  return findSavings(value, value.stages.length - 1, filesOf({ '.dockerignore': '.git\nnode_modules\n', ...texts }))
}

interface Case {
  readonly rule: string
  readonly line: number
  readonly text: string
  /** The text after the fix; undefined where no fix is safe. */
  readonly fixed: string | undefined
  readonly files?: Readonly<Record<string, string>>
}

const tail = 'USER 65532\nCMD ["x"]\n'

const cases: readonly Case[] = [
  {
    rule: 'DL3009',
    line: 2,
    text: `FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends git\n${tail}`,
    fixed: `FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends git \\\n    && rm -rf /var/lib/apt/lists/*\n${tail}`,
  },
  {
    rule: 'DL3015',
    line: 2,
    text: `FROM debian:12\nRUN apt-get update \\\n  && apt-get -q install -y git \\\n  && rm -rf /var/lib/apt/lists/*\n${tail}`,
    fixed: `FROM debian:12\nRUN apt-get update \\\n  && apt-get -q install --no-install-recommends -y git \\\n  && rm -rf /var/lib/apt/lists/*\n${tail}`,
  },
  {
    rule: 'DL3042',
    line: 3,
    text: `FROM python:3.13\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n${tail}`,
    fixed: `FROM python:3.13\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n${tail}`,
  },
  {
    rule: 'DL3019',
    line: 2,
    text: `FROM alpine:3.20\nRUN apk add git\n${tail}`,
    fixed: `FROM alpine:3.20\nRUN apk add --no-cache git\n${tail}`,
  },
  {
    rule: 'npm-cache-kept',
    line: 3,
    text: `FROM node:22\nCOPY package.json .\nRUN npm ci\n${tail}`,
    fixed: `FROM node:22\nCOPY package.json .\nRUN npm ci \\\n    && npm cache clean --force\n${tail}`,
  },
  {
    rule: 'DL3060',
    line: 2,
    text: `FROM node:22\nRUN yarn install\n${tail}`,
    fixed: `FROM node:22\nRUN yarn install \\\n    && yarn cache clean\n${tail}`,
  },
  {
    rule: 'DL3040',
    line: 2,
    text: `FROM fedora:41\nRUN dnf install -y git\n${tail}`,
    fixed: `FROM fedora:41\nRUN dnf install -y git \\\n    && dnf clean all\n${tail}`,
  },
  {
    rule: 'DL3032',
    line: 2,
    text: `FROM centos:7\nRUN yum install -y git\n${tail}`,
    fixed: `FROM centos:7\nRUN yum install -y git \\\n    && yum clean all\n${tail}`,
  },
  {
    rule: 'DL3036',
    line: 2,
    text: `FROM opensuse/leap:15\nRUN zypper install -y git\n${tail}`,
    fixed: `FROM opensuse/leap:15\nRUN zypper install -y git \\\n    && zypper clean --all\n${tail}`,
  },
  {
    rule: 'apt-update-alone',
    line: 2,
    text: `FROM debian:12 AS build\nRUN apt-get update\nRUN apt-get install -y gcc\nFROM debian:12\nCOPY --from=build /x /x\n${tail}`,
    fixed: `FROM debian:12 AS build\nRUN apt-get update \\\n    && apt-get install -y gcc\nFROM debian:12\nCOPY --from=build /x /x\n${tail}`,
  },
  {
    rule: 'stored-twice',
    line: 4,
    text: `FROM debian:12\nWORKDIR /srv\nCOPY app /srv/app\nRUN chown -R www-data:www-data /srv/app\n${tail}`,
    fixed: `FROM debian:12\nWORKDIR /srv\nCOPY --chown=www-data:www-data app /srv/app\n${tail}`,
  },
  {
    rule: 'removed-in-later-layer',
    line: 3,
    text: `FROM debian:12\nRUN curl -fsSL -o /tmp/x.tgz https://example.org/x.tgz && tar -xf /tmp/x.tgz\nRUN rm /tmp/x.tgz\n${tail}`,
    fixed: `FROM debian:12\nRUN curl -fsSL -o /tmp/x.tgz https://example.org/x.tgz && tar -xf /tmp/x.tgz \\\n    && rm /tmp/x.tgz\n${tail}`,
  },
  {
    rule: 'removed-in-later-layer',
    line: 4,
    text: `FROM debian:12\nCOPY key.pem /root/\nRUN fetch\nRUN rm /root/key.pem\n${tail}`,
    fixed: undefined,
  },
  {
    rule: 'copied-before-install',
    line: 3,
    text: `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm cache clean --force\n${tail}`,
    fixed: undefined,
    files: { 'package.json': '{}', 'package-lock.json': '{}' },
  },
  {
    rule: 'copied-before-install',
    line: 3,
    text: `FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download\nFROM scratch\nCOPY --from=build /a /a\n${tail}`,
    fixed: `FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nFROM scratch\nCOPY --from=build /a /a\n${tail}`,
    files: { 'go.mod': 'module a', 'go.sum': '' },
  },
  {
    rule: 'dockerignore-missing',
    line: 2,
    text: `FROM debian:12\nCOPY . /app\n${tail}`,
    fixed: undefined,
    files: { '.dockerignore': '\n', '.git': '' },
  },
  {
    rule: 'dockerignore-incomplete',
    line: 2,
    text: `FROM debian:12\nCOPY ./ /app\n${tail}`,
    fixed: undefined,
    files: { '.dockerignore': 'docs\n', '.git': '' },
  },
  {
    rule: 'DL3020',
    line: 2,
    text: `FROM debian:12\nADD app /app\n${tail}`,
    fixed: `FROM debian:12\nCOPY app /app\n${tail}`,
  },
  {
    rule: 'add-url',
    line: 2,
    text: `FROM debian:12\nADD https://example.org/x.tgz /tmp/\n${tail}`,
    fixed: undefined,
  },
  {
    rule: 'DL3002',
    line: 2,
    text: 'FROM debian:12\nCMD ["x"]\n',
    fixed: 'FROM debian:12\nUSER 65532:65532\nCMD ["x"]\n',
  },
  {
    rule: 'DL3002',
    line: 2,
    text: 'FROM node:22\nUSER root\nCMD ["x"]\n',
    fixed: 'FROM node:22\nUSER node\nCMD ["x"]\n',
  },
  { rule: 'DL3006', line: 1, text: `FROM debian\n${tail}`, fixed: undefined },
  { rule: 'DL3007', line: 1, text: `FROM debian:latest\n${tail}`, fixed: undefined },
  {
    rule: 'SecretsUsedInArgOrEnv',
    line: 2,
    text: `FROM debian:12\nARG NPM_TOKEN\n${tail}`,
    fixed: undefined,
  },
  {
    rule: 'JSONArgsRecommended',
    line: 3,
    text: 'FROM debian:12\nUSER 1000\nCMD server --port 80\n',
    fixed: 'FROM debian:12\nUSER 1000\nCMD ["server","--port","80"]\n',
  },
  {
    rule: 'JSONArgsRecommended',
    line: 3,
    text: 'FROM debian:12\nUSER 1000\nCMD server --port $PORT\n',
    fixed: undefined,
  },
]

describe('what a Dockerfile could do without', () => {
  test.each(cases)('$rule, line $line of $text', ({ rule, line, text, fixed, files = {} }) => {
    const found = savings(text, files)
    expect(found.map((each) => `${each.line} ${each.rule}`)).toContain(`${line} ${rule}`)
    const finding = found.find((each) => each.rule === rule)!
    if (fixed === undefined) return
    expect(applyEdit(text, finding.edit!)).toBe(fixed)
    expect(savings(fixed, files).filter((each) => each.rule === rule)).toEqual([])
  })

  test('only what a case is about is found in it', () => {
    const quiet = cases.filter(({ rule }) => !/^(dockerignore|copied|apt-update|DL3060|npm)/.test(rule))
    for (const { text, rule, files } of quiet)
      expect(new Set(savings(text, files).map((each) => each.rule))).toEqual(new Set([rule]))
  })

  test('a careful file has no finding', () => {
    const careful = [
      '# syntax=docker/dockerfile:1',
      'FROM python:3.13 AS build',
      'WORKDIR /app',
      'COPY requirements.txt .',
      'RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt --target /deps',
      'RUN apt-get update && apt-get install -y gcc',
      'FROM python:3.13-slim',
      'RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*',
      'RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y --no-install-recommends curl',
      'ENV PIP_NO_CACHE_DIR=1',
      'RUN pip install gunicorn && chown root:root /usr/local/bin/gunicorn',
      'COPY --from=build --chown=1000 /deps /deps',
      'ARG TOKEN_FILE=/run/secrets/token',
      'USER 1000',
      'CMD ["python", "-m", "app"]',
    ].join('\n')
    expect(savings(careful)).toEqual([])
  })

  test('a stage that does not ship is not blamed for its size', () => {
    const text = `FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN rm -rf /usr/share\nFROM scratch\nCOPY --from=build /x /x\n${tail}`
    expect(savings(text)).toEqual([])
  })

  test('a fix keeps line ends of Windows and the other escape character', () => {
    const text =
      '# escape=`\r\nFROM debian:12\r\nRUN apt-get update && apt-get install -y --no-install-recommends git\r\nUSER 1\r\n'
    const [finding] = savings(text)
    expect(applyEdit(text, finding!.edit!)).toContain('git `\r\n    && rm -rf /var/lib/apt/lists/*\r\n')
  })
})
