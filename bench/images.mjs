// The images that are measured, built in the engine: a toolchain, one whose layers delete and rewrite thousands of files, a small one.
import { createWriteStream } from 'node:fs'
import { request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'

const rewriting = `FROM debian:bookworm
RUN mkdir /data && for d in $(seq 50); do mkdir /data/$d; for f in $(seq 100); do head -c 250000 /dev/urandom > /data/$d/$f; done; done
RUN for d in $(seq 1 2 50); do for f in $(seq 2 100); do rm /data/$d/$f; done; done && for d in $(seq 2 2 50); do for f in $(seq 100); do head -c 250000 /dev/urandom > /data/$d/$f; done; done
`
const names = { rewriting: 'cutaway-bench:rewriting', newLayer: 'cutaway-bench:new-layer' }

/** Builds what compare did not build; gives names. */
export async function buildImages(socketPath, toolchain) {
  await build(socketPath, names.rewriting, rewriting)
  await build(socketPath, names.newLayer, `FROM ${toolchain}\nRUN head -c 7000 /dev/zero > /new\n`)
  return names
}

async function build(socketPath, name, dockerfile) {
  const pack = tar.pack()
  pack.entry({ name: 'Dockerfile' }, dockerfile)
  pack.finalize()
  const chunks = []
  for await (const chunk of pack) chunks.push(chunk)
  const path = `/build?version=2&networkmode=host&t=${encodeURIComponent(name)}`
  const reply = await call(socketPath, 'POST', path, Buffer.concat(chunks))
  let last = ''
  for await (const chunk of reply) last = `${last}${chunk}`.slice(-2000)
  if (last.includes('"errorDetail"')) throw new Error(last)
}

/** The engine's own export: what \`docker save IMAGE\` gives, into a file or into nothing. Seconds. */
export async function save(socketPath, image, into) {
  const startMs = performance.now()
  const reply = await call(socketPath, 'GET', `/images/get?names=${encodeURIComponent(image)}`)
  if (into) await pipeline(reply, createWriteStream(into))
  else for await (const _ of reply);
  return (performance.now() - startMs) / 1000
}

function call(socketPath, method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'Content-Type': 'application/x-tar', 'Content-Length': body.length } : {}
    request({ socketPath, method, path, headers }, resolve).on('error', reject).end(body)
  })
}
