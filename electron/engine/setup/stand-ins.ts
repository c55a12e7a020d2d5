import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalReference } from '../../core/dockerfile/reference'
import { standInLabel } from '../docker/base-images'
import { runBuild } from '../docker/build'
import { drain, type EngineClient } from '../docker/client'
import { packContext } from '../project/build-context'
import { installPackages } from './apt'
import { commandOutput, runCommand } from './run-command'

export interface StandInOptions {
  readonly signal: AbortSignal
  readonly onMessage: (message: string) => void
  /** Folder with the recipes. */
  readonly recipes: string
}

type Recipe =
  | { readonly kind: 'debootstrap'; readonly suite: string }
  | {
      readonly kind: 'dockerfile'
      readonly file: string
      readonly needs: readonly string[]
      /** File name in the build context to npm package. */
      readonly npmPackages?: Readonly<Record<string, string>>
      /** Values of global ARGs. */
      readonly args?: Readonly<Record<string, string>>
    }

const npmArchitecture = process.arch === 'arm64' ? 'arm64' : 'x64'
const node = { 'node.tgz': `node-linux-${npmArchitecture}@22` }
const bookworm = 'debian:bookworm'
const slim = 'debian:bookworm-slim'
const trixie = 'debian:trixie'
const trixieSlim = 'debian:trixie-slim'
const distrolessCc = 'gcr.io/distroless/cc-debian13:nonroot'

const staticPackages = 'base-files ca-certificates media-types netbase tzdata'
const basePackages = `${staticPackages} libc6 libssl3t64 libzstd1 zlib1g`
const ccPackages = `${basePackages} libgcc-s1 libgomp1 libstdc++6`

const pythonPackages =
  'libpython3.13-minimal libpython3.13-stdlib python3.13-minimal python3-minimal libbz2-1.0 libexpat1 libffi8 liblzma5 ' +
  'libncursesw6 libreadline8t64 libsqlite3-0 libtinfo6 libuuid1'

const distroless = (packages: string): Recipe => ({
  kind: 'dockerfile',
  file: 'distroless.Dockerfile',
  needs: [bookworm],
  args: { PACKAGES: packages },
})

/** What the bundled examples and what is derived of them build on, and how each is made from Debian packages (and Node.js from npm). */
const recipes: Readonly<Record<string, Recipe>> = {
  [bookworm]: { kind: 'debootstrap', suite: 'bookworm' },
  [slim]: { kind: 'dockerfile', file: 'debian-slim.Dockerfile', needs: [bookworm], args: { BASE: bookworm } },
  [trixie]: { kind: 'debootstrap', suite: 'trixie' },
  [trixieSlim]: { kind: 'dockerfile', file: 'debian-slim.Dockerfile', needs: [trixie], args: { BASE: trixie } },
  'python:3.11-bookworm': { kind: 'dockerfile', file: 'python.Dockerfile', needs: [bookworm] },
  'python:3.11-slim-bookworm': {
    kind: 'dockerfile',
    file: 'python-slim.Dockerfile',
    needs: [slim],
    args: { BASE: slim },
  },
  'python:3.13-slim-trixie': {
    kind: 'dockerfile',
    file: 'python-slim.Dockerfile',
    needs: [trixieSlim],
    args: { BASE: trixieSlim },
  },
  'node:22-bookworm': {
    kind: 'dockerfile',
    file: 'node.Dockerfile',
    needs: [bookworm],
    npmPackages: { ...node, 'npm.tgz': 'npm@10' },
  },
  'node:22-bookworm-slim': {
    kind: 'dockerfile',
    file: 'node-slim.Dockerfile',
    needs: [bookworm, slim],
    npmPackages: node,
  },
  'nginxinc/nginx-unprivileged:stable': { kind: 'dockerfile', file: 'nginx.Dockerfile', needs: [slim] },
  'gcr.io/distroless/static-debian13:nonroot': distroless(staticPackages),
  'gcr.io/distroless/base-debian13:nonroot': distroless(basePackages),
  [distrolessCc]: distroless(ccPackages),
  'gcr.io/distroless/python3-debian13:nonroot': distroless(`${ccPackages} ${pythonPackages}`),
  'gcr.io/distroless/java17-debian13:nonroot': distroless(`${ccPackages} openjdk-21-jre-headless`),
  'gcr.io/distroless/nodejs22-debian13:nonroot': {
    kind: 'dockerfile',
    file: 'distroless-node.Dockerfile',
    needs: [bookworm, distrolessCc],
    npmPackages: node,
  },
}

const inProgress = new Map<string, Promise<void>>()

/**
 * Makes a stand-in for an image that no registry gives out, in Cutaway's own engine only, labelled as such. False when
 * there is no recipe for it. Two builds that need the same one wait for one making of it.
 */
export async function makeStandIn(client: EngineClient, reference: string, options: StandInOptions): Promise<boolean> {
  const name = Object.keys(recipes).find((key) => canonicalReference(key) === canonicalReference(reference))
  if (name === undefined || !client.endpoint.isPrivate) return false
  const making = inProgress.get(name) ?? make(client, name, recipes[name]!, options)
  inProgress.set(name, making)
  await making.finally(() => inProgress.delete(name))
  return true
}

async function make(client: EngineClient, name: string, recipe: Recipe, options: StandInOptions): Promise<void> {
  if (await client.inspectImage(name)) return
  if (recipe.kind === 'dockerfile') for (const needed of recipe.needs) await makeStandIn(client, needed, options)
  options.onMessage(`No registry answers: making a stand-in for ${name} from Debian packages …`)
  const work = await mkdtemp(join(tmpdir(), 'cutaway-stand-in-'))
  try {
    if (recipe.kind === 'debootstrap') await makeByDebootstrap(client, name, recipe.suite, work, options)
    else await makeByDockerfile(client, name, recipe, work, options)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function makeByDebootstrap(
  client: EngineClient,
  name: string,
  suite: string,
  work: string,
  { signal, onMessage }: StandInOptions,
): Promise<void> {
  if (!existsSync('/usr/sbin/debootstrap')) await installPackages(['debootstrap'], { signal, onMessage })
  const root = join(work, 'root')
  await runCommand('debootstrap', ['--variant=minbase', suite, root], signal)
  await runCommand('chroot', [root, 'apt-get', 'clean'], signal)
  const [repo = '', tag = ''] = name.split(':')
  const changes = [
    `LABEL ${standInLabel}=${name}`,
    'CMD ["bash"]',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ]
  const body = commandOutput('tar', ['-C', root, '--numeric-owner', '--xattrs', '-c', '.'])
  const reply = await client.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo, tag, changes },
    body,
    signal,
  })
  await drain(reply)
}

async function makeByDockerfile(
  client: EngineClient,
  name: string,
  recipe: Extract<Recipe, { kind: 'dockerfile' }>,
  work: string,
  { signal, recipes: folder }: StandInOptions,
): Promise<void> {
  for (const [file, spec] of Object.entries(recipe.npmPackages ?? {})) await fetchNpmPackage(spec, work, file, signal)
  const text = await readFile(join(folder, recipe.file), 'utf8')
  const args = Object.entries(recipe.args ?? {}).map(([arg, value]) => `ARG ${arg}="${value}"\n`)
  const dockerfileText = `${args.join('')}${text}`
  const context = await packContext({ project: work, context: '', dockerfile: recipe.file, dockerfileText })
  let problem: string | undefined
  let imageId: string | undefined
  await runBuild(
    client,
    {
      context: context.stream,
      dockerfile: context.dockerfile,
      target: undefined,
      noCache: false,
      labels: { [standInLabel]: name },
      tag: name,
    },
    {
      signal,
      onEvent: (event) => {
        if (event.kind === 'error') problem ??= event.message
        if (event.kind === 'image') imageId = event.imageId
      },
    },
  )
  if (imageId === undefined)
    throw new Error(`the stand-in for ${name} could not be built: ${problem ?? 'no image came out'}`)
}

async function fetchNpmPackage(spec: string, work: string, file: string, signal: AbortSignal): Promise<void> {
  const folder = join(work, `${file}.d`)
  await mkdir(folder)
  await runCommand('npm', ['pack', spec, '--silent', '--pack-destination', folder], signal)
  const [packed] = await readdir(folder)
  await rename(join(folder, packed!), join(work, file))
  await rm(folder, { recursive: true })
}
