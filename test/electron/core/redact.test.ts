import { describe, expect, test } from 'vitest'
import { createRedactor, findSecrets } from '../../../electron/core/surface/redact'
import { isTellingName } from '../../../electron/core/surface/secret-text'

const redacted = (data: unknown, given = {}): unknown => createRedactor(findSecrets(data, given)).redact(data)
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'
const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----'
/** Put together, so that no scanner takes this file for a leak. */
const glued = (...parts: string[]): string => parts.join('')

describe('what is taken out', () => {
  test.each([
    ['ENV API_TOKEN=abc123xyz', 'ENV API_TOKEN=[redacted]'],
    ['ENV API_TOKEN abc 123', 'ENV API_TOKEN [redacted]'],
    ['ARG dbPassword="two words"', 'ARG dbPassword="[redacted]"'],
    ["LABEL com.example.secret='x y z'", "LABEL com.example.secret='[redacted]'"],
    ['RUN |2 A=b TOKEN=abcdef /bin/sh -c make', 'RUN |2 A=b TOKEN=[redacted] /bin/sh -c make'],
    ['RUN export SECRET_KEY=ab12cd34; make', 'RUN export SECRET_KEY=[redacted]; make'],
    ['RUN echo //r.example/:_authToken=ab12cd > .npmrc', 'RUN echo //r.example/:_authToken=[redacted] > .npmrc'],
    ['RUN git clone https://me:pa55@git.example/x', 'RUN git clone https://me:[redacted]@git.example/x'],
    ['RUN curl -u me:pa55word https://x', 'RUN curl -u me:[redacted] https://x'],
    ['RUN curl -H "Authorization: Bearer a1b2c3" x', 'RUN curl -H "Authorization: Bearer [redacted]" x'],
    ['RUN login --password pa55word', 'RUN login --password [redacted]'],
    ['CMD ["login", "--password", "pa55word"]', 'CMD ["login", "--password", "[redacted]"]'],
    ['RUN login --token=pa55word --quiet', 'RUN login --token=[redacted] --quiet'],
    ['RUN curl -H "X-Api-Key: a1b2c3" x', 'RUN curl -H "X-Api-Key: [redacted]" x'],
    ['PRIVATE-TOKEN: a1b2c3', 'PRIVATE-TOKEN: [redacted]'],
    ['{"apiKey": "a1b2c3d4"}', '{"apiKey": "[redacted]"}'],
    ['CMD ["app", "TOKEN=abc123"]', 'CMD ["app", "TOKEN=[redacted]"]'],
    [glued('key ', 'AKIA', 'IOSFODNN7EXAMPLE'), 'key [redacted]'],
    [glued('ghp', '_', 'a'.repeat(36)), '[redacted]'],
    [glued('X=glpat', '-', 'a'.repeat(20)), 'X=[redacted]'],
    [glued('X=xoxb', '-1234567890-abc'), 'X=[redacted]'],
    [glued('X=npm', '_', 'b'.repeat(36)), 'X=[redacted]'],
    [`X=${jwt}`, 'X=[redacted]'],
    [`RUN cat <<E\n${pem}\nE`, 'RUN cat <<E\n[redacted]\n\n\n\nE'],
  ])('%s', (text, expected) => {
    expect(redacted(text)).toBe(expected)
  })

  test('values of variables, labels and build arguments by name, and those values wherever else they are', () => {
    const data = {
      config: { run: { env: { API_TOKEN: 'hunter2secret', T: 'hunter2secret' }, command: ['--t', 'hunter2secret'] } },
      layers: [{ createdBy: 'RUN echo hunter2secret > /x' }, { createdBy: 'ENV T=hunter2secret' }],
      output: 'it is hunter2secret.',
      password: 'of the report',
    }
    expect(redacted(data)).toEqual({
      config: { run: { env: { API_TOKEN: '[redacted]', T: '[redacted]' }, command: ['--t', '[redacted]'] } },
      layers: [{ createdBy: 'RUN echo [redacted] > /x' }, { createdBy: 'ENV T=[redacted]' }],
      output: 'it is [redacted].',
      password: 'of the report',
    })
  })

  test('a build argument also where it was expanded, and each secret counts once', () => {
    const data = { env: { T: 'opensesame99' }, history: ['ENV T=opensesame99', 'ENV U="opensesame99"'] }
    const secrets = findSecrets(data, { TOKEN: 'opensesame99', VERSION: '1.2.3', UNUSED_SECRET: undefined })
    expect(secrets).toEqual(['opensesame99'])
    const redactor = createRedactor(secrets)
    expect(redactor.redact(data)).toEqual({
      env: { T: '[redacted]' },
      history: ['ENV T=[redacted]', 'ENV U="[redacted]"'],
    })
    expect(redactor.found.size).toBe(1)
  })

  test('a secret that is a plain word is taken out where it is assigned, not where it is that word', () => {
    const data = {
      env: { POSTGRES_PASSWORD: 'postgres', T: 'postgres' },
      packages: ['postgres', 'postgres-client'],
      layers: [
        'ENV T=postgres',
        'RUN install postgres',
        'RUN install \n"postgres" && postgres\npostgres',
        'USER postgres',
      ],
      sentence: 'The image has postgres in it.',
    }
    expect(redacted(data)).toEqual({
      env: { POSTGRES_PASSWORD: '[redacted]', T: 'postgres' },
      packages: ['postgres', 'postgres-client'],
      layers: [
        'ENV T=[redacted]',
        'RUN install [redacted]',
        'RUN install \n"[redacted]" && postgres\npostgres',
        'USER postgres',
      ],
      sentence: 'The image has postgres in it.',
    })
  })
})

describe('what stays', () => {
  test.each([
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
    'ENV NODE_VERSION=22.14.0',
    'ENV PYTHON_SHA256=849da87af4df137710c1796e276a955f7a85c9f971081067c8f565d15c352a09',
    'FROM debian@sha256:849da87af4df137710c1796e276a955f7a85c9f971081067c8f565d15c352a09',
    'ARG TOKEN',
    'ENV T=$TOKEN PASSWORD=${PASSWORD:-}',
    'RUN --mount=type=secret,id=token,target=/run/secrets/token TOKEN=$(cat /run/secrets/token) make',
    'ENV POSTGRES_PASSWORD_FILE=/run/secrets/db AUTH_TYPE=basic TOKEN_TTL=3600 SSH_AUTH_SOCK=/tmp/a',
    'ENV AUTHOR=someone PWD=/app TOKENIZERS_PARALLELISM=false',
    'RUN pip install token==1.2.3 secretstorage',
    'RUN docker run --user 1000:1000 x',
    'https://example.com/a:b@c',
    'git@github.com:a/b.git',
    'USER app:app',
    'The variable API_TOKEN is set; use a secret mount instead.',
    'ENV PASSWORD=<your password>',
  ])('%s', (text) => {
    expect(redacted(text)).toBe(text)
  })

  test('data of every form is the same after it', () => {
    const data = {
      a: [1, null, true, 'x', { b: [] }],
      labels: { version: '1.0', title: 'A title' },
      secret: 'private key',
    }
    expect(redacted(data)).toEqual(data)
  })

  test('names', () => {
    for (const name of [
      'TOKEN',
      'MY_API_KEY',
      'apiKey',
      'db.password',
      'npm_config__authToken',
      'DB_PWD',
      'RAILS_MASTER_KEY',
    ])
      expect(isTellingName(name), name).toBe(true)
    for (const name of [
      'GPG_KEY',
      'PWD',
      'AUTHOR',
      'KEYBOARD',
      'PASSENGER',
      'TOKENIZER',
      'SECRETARY',
      'BYPASS',
      'AWS_ACCESS_KEY_ID',
    ])
      expect(isTellingName(name), name).toBe(false)
  })

  // A pattern that is not linear takes longer than the time limit of a test.
  test('a long text that is nearly a secret everywhere', () => {
    for (const piece of [
      'a',
      '=',
      ' ',
      'A=',
      '--',
      ':',
      'https://',
      '"',
      '-----BEGIN PRIVATE KEY-----',
      'curl ',
      'TOKEN=ab',
      'X-Key-',
      '-eyJaaaaaaaa',
    ])
      expect(typeof redacted(piece.repeat(100_000 / piece.length))).toBe('string')
    expect(redacted(Array.from({ length: 3000 }, (_, at) => `TOKEN=secret-number-${at}`))).toContain('TOKEN=[redacted]')
    for (const piece of [' ', ' a', ' abc', 'RUN abc\n']) {
      const data = { env: { PASSWORD: 'abc' }, text: piece.repeat(500_000 / piece.length) }
      expect(redacted(data)).toHaveProperty('env', { PASSWORD: '[redacted]' })
    }
  })
})
