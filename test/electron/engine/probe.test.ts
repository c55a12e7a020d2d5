import { spawn } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { answerMark, listeningPorts } from '../../../electron/core/run/probe-text'
import { probeScript } from '../../../electron/engine/run/probe'
import { makeFolder } from '../../support/folder'

const listener = '   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0\n'

test.skipIf(!existsSync('/bin/sh'))('a server that starts between two looks is listed before it is asked', async () => {
  // Stands for /proc/net/tcp: at the first look nobody listens, at each later one somebody does.
  const folder = makeFolder({
    cat: '#!/bin/sh\n[ -e "$FOLDER/looked" ] && printf "%s" "$LISTENER"\n: > "$FOLDER/looked"\n',
    nc: '#!/bin/sh\necho HTTP/1.0 200 OK\n',
    bash: '#!/bin/sh\necho HTTP/1.0 200 OK\n',
  })
  for (const name of ['cat', 'nc', 'bash']) chmodSync(join(folder, name), 0o755)
  const env = { PATH: `${folder}:/usr/bin:/bin`, FOLDER: folder, LISTENER: listener }
  const probe = spawn('/bin/sh', ['-c', probeScript, 'probe', '8080', '/', '50'], { env })
  onTestFinished(() => void probe.kill())
  let text = ''
  for await (const chunk of probe.stdout) {
    text += chunk
    if (text.includes(answerMark)) break
  }
  expect(listeningPorts(text.split(answerMark, 1)[0]!)).toEqual([8080])
})
