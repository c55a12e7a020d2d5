import { formatBytes, formatQuantity } from '../../format'
import type { ImageSettings } from '../../image/image-settings'
import { healthcheckLine, settingValue } from '../setting-lines'
import type { Classified } from './classify'
import { type CopyPlan, copiedFolders, planCopies } from './copy-plan'
import { type BuiltEvidence, bytesUnder, type ImageFacts } from './evidence'
import { parentOf } from './image-files'
import { userFiles } from './path-rules'
import { type Requirements, shippedEntries } from './requirements'

/** A line of a derived Dockerfile and what speaks for it. */
export interface DerivedLine {
  readonly text: string
  /** '' where the line needs none. */
  readonly evidence: string
}

export interface FinalStage {
  /** Added at the end of the build stage. */
  readonly buildLines: readonly DerivedLine[]
  readonly lines: readonly DerivedLine[]
  /** Entries that the image must have exactly as the first one does. */
  readonly shipped: ReadonlySet<string>
}

export interface FinalStageInput {
  readonly image: BuiltEvidence
  readonly base: ImageFacts
  readonly classified: Classified
  readonly requirements: Requirements
  readonly forced: ReadonlySet<string>
  /** Entries that appear again although the build removed them. */
  readonly removed: ReadonlySet<string>
  /** Paths where a folder has to make room. */
  readonly cleared: ReadonlySet<string>
  readonly copiedPackages: ReadonlySet<string>
  /** The command, where it has to differ from the image's. */
  readonly command: readonly string[] | undefined
  readonly buildStage: string
  readonly platform: string | undefined
}

const longestCopyList = 12

/** Writes the stage that holds what the program needs. */
export function writeFinalStage(input: FinalStageInput): FinalStage {
  const { image, requirements } = input
  const { candidate, installs } = requirements
  const wanted = shippedEntries(input)
  for (const path of requirements.paths.keys()) wanted.add(path)
  const hasShell = candidate.files.resolve('/bin/sh') !== undefined
  const users = usersToCopy(input, hasShell)
  for (const path of users) wanted.delete(path)
  const plan = planCopies({ ...input, files: image.files, candidate, wanted, prunes: hasShell })
  const needsTree = !hasShell && needsShipTree(plan, input, wanted)
  const writer = new Lines(input)
  if (needsTree) writer.assembleTree(plan, users, wanted)
  else if (plan.pruned.length > 0) writer.prune(plan.pruned)
  writer.from()
  if (users.length > 0 && !needsTree)
    writer.add(`COPY --from=${input.buildStage} ${users.join(' ')} /etc/`, 'Users and groups of the first image.')
  if (installs) writer.install()
  if (hasShell) writer.clear(wanted)
  if (needsTree)
    writer.add(
      `COPY --from=${input.buildStage} /ship/ /`,
      `${formatQuantity(plan.folders.length + countFiles(plan), 'path')}, with their links, owners and modes.`,
    )
  else writer.copy(plan)
  if (hasShell) writer.fix(plan)
  writer.settings()
  return { buildLines: writer.buildLines, lines: writer.lines, shipped: wanted }
}

const countFiles = ({ files, others }: CopyPlan): number => [...files.values()].flat().length + others.length

/** Files of users that differ from the base's; a base without a package manager needs names only where they are used. */
function usersToCopy({ image, requirements, classified }: FinalStageInput, hasShell: boolean): string[] {
  const { candidate, paths } = requirements
  const isNamed = /[a-z]/i.test(image.settings.user) && image.settings.user !== 'root'
  const copiesPrograms = [...paths.values()].some((why) => why.startsWith('part of '))
  return userFiles.filter((path) => {
    const file = image.files.get(path)
    if (file === undefined || file.checksum === candidate.files.get(path)?.checksum) return false
    const isChanged = classified.classes.get(path)?.kind === 'users'
    if (hasShell) return isChanged
    return /^\/etc\/(passwd|group)$/.test(path) && (isChanged || isNamed || copiesPrograms)
  })
}

/** COPY follows a lone link, drops pipes, and makes folders as root's: without a shell they cannot be put right afterwards. */
function needsShipTree(plan: CopyPlan, { image, requirements }: FinalStageInput, wanted: ReadonlySet<string>): boolean {
  const isOdd = (path: string): boolean => {
    const file = image.files.get(path)
    return (
      !requirements.candidate.files.has(path) && file !== undefined && (file.uid + file.gid > 0 || file.mode !== 0o755)
    )
  }
  return (
    plan.others.length > 0 ||
    plan.bare.some((path) => path !== image.settings.workdir || isOdd(path)) ||
    wanted.has('/tmp') ||
    plan.folders.length + countFiles(plan) > longestCopyList ||
    copiedFolders(plan).some(isOdd)
  )
}

/** A word of a shell command. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`)

const isRoot = (user: string): boolean => /^(root|0)?(:.*)?$/.test(user)

class Lines {
  readonly buildLines: DerivedLine[] = []
  readonly lines: DerivedLine[] = []
  readonly #input: FinalStageInput
  readonly #candidate: ImageFacts
  /** The user that instructions run as. */
  #user: string

  constructor(input: FinalStageInput) {
    this.#input = input
    this.#candidate = input.requirements.candidate
    this.#user = this.#candidate.settings.user
  }

  add(text: string, evidence = ''): void {
    this.lines.push({ text, evidence })
  }

  from(): void {
    const { platform } = this.#input
    const flag = platform === undefined ? '' : `--platform=${platform} `
    this.add(`FROM ${flag}${this.#candidate.reference}`)
  }

  prune(paths: readonly string[]): void {
    this.#asBuildRoot()
    const bytes = paths.reduce((sum, path) => sum + bytesUnder(this.#input.image.files, path), 0)
    this.buildLines.push({
      text: `RUN rm -rf ${paths.map(quoted).join(' \\\n    ')}`,
      evidence: `Sources, intermediate files and caches, ${formatBytes(bytes)}: without them whole folders can be copied.`,
    })
  }

  /** A tree of everything that ships, made where there is a shell. */
  assembleTree(plan: CopyPlan, users: readonly string[], wanted: ReadonlySet<string>): void {
    this.#asBuildRoot()
    const { settings } = this.#input.image
    if (settings.shell.length > 0) this.buildLines.push({ text: 'SHELL ["/bin/sh", "-c"]', evidence: '' })
    const paths = [...plan.folders, ...[...plan.files.values()].flat(), ...plan.others, ...users].filter(
      (path) => path !== '/tmp',
    )
    const copy =
      paths.length > 0
        ? ` \\\n && cd / && cp -a --parents ${paths.map((path) => quoted(path.slice(1))).join(' \\\n    ')} /ship/`
        : ''
    const tmp = wanted.has('/tmp') ? ' && mkdir -m 1777 /ship/tmp' : ''
    const bare = plan.bare
      .filter((path) => path !== '/tmp')
      .map((path) => {
        const { mode, uid, gid } = this.#input.image.files.get(path)!
        const place = quoted(`/ship${path}`)
        return ` \\\n && mkdir -p ${place} && chown ${uid}:${gid} ${place} && chmod ${mode.toString(8)} ${place}`
      })
    const cached = [...plan.folders].filter((folder) =>
      [...this.#input.image.files.below(folder)].some((path) => /\/__pycache__$/.test(path) && !wanted.has(path)),
    )
    const clean =
      cached.length > 0
        ? ` \\\n && find ${cached.map((folder) => quoted(`/ship${folder}`)).join(' ')} -name __pycache__ -prune -exec rm -rf {} +`
        : ''
    this.buildLines.push({
      text: `RUN mkdir /ship${tmp}${copy}${bare.join('')}${clean}`,
      evidence: 'The tree that ships, with its links, owners and modes.',
    })
  }

  #asBuildRoot(): void {
    if (!isRoot(this.#input.image.settings.user)) this.buildLines.push({ text: 'USER root', evidence: '' })
  }

  #asRoot(): void {
    if (isRoot(this.#user)) return
    this.add('USER root')
    this.#user = 'root'
  }

  install(): void {
    const { requirements, copiedPackages, image } = this.#input
    const names = [...requirements.packages.keys()].filter((name) => !copiedPackages.has(name)).sort()
    if (names.length === 0) return
    this.#asRoot()
    const evidence = names.map((name) => `${name}: ${requirements.packages.get(name)}.`).join('\n')
    this.add(
      image.packages.manager === 'apk'
        ? `RUN apk add --no-cache ${names.join(' ')}`
        : `RUN apt-get update \\\n && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${names.join(' ')} \\\n && rm -rf /var/lib/apt/lists/* /var/cache/apt/*`,
      evidence,
    )
  }

  /** COPY cannot put a link or a file where there is a folder. */
  clear(wanted: ReadonlySet<string>): void {
    const { image, cleared } = this.#input
    const paths = [...wanted].filter(
      (path) =>
        image.files.get(path)?.kind !== 'folder' &&
        (this.#candidate.files.get(path)?.kind === 'folder' || cleared.has(path)),
    )
    if (paths.length === 0) return
    this.#asRoot()
    this.add(`RUN rm -rf ${paths.map(quoted).join(' ')}`, 'A folder makes room for a link or a file.')
  }

  copy(plan: CopyPlan): void {
    const { buildStage, image } = this.#input
    const copies = [
      ...plan.folders.map((folder) => ({ at: folder, paths: [folder], to: folder })),
      ...[...plan.files].map(([folder, paths]) => ({ at: folder, paths, to: folder === '/' ? '/' : `${folder}/` })),
    ]
    for (const { paths, to } of copies.sort((a, b) => changeRank(a.at) - changeRank(b.at) || (a.at < b.at ? -1 : 1))) {
      const words = [...paths, to]
      const isPlain = words.every((word) => /^[\w@%+=:,./-]+$/.test(word))
      const bytes = paths.reduce((sum, path) => sum + bytesUnder(image.files, path), 0)
      const layers = new Set(
        paths
          .flatMap((path) => [...image.files.below(path), path])
          .map((path) => image.files.get(path)!)
          .filter(({ kind }) => kind !== 'folder' || paths.length === 1)
          .map(({ layer }) => layer),
      )
      const makers = [
        ...new Set(
          [...layers].filter((layer) => layer >= image.baseLayers).map((layer) => image.createdBy[layer] ?? ''),
        ),
      ].filter((text) => text !== '')
      const by =
        makers.length > 0 ? `, written by ${makers.slice(0, 3).map(shortened).join(' and ')}` : ', of the base image'
      const why = paths.length === 1 ? this.#input.requirements.paths.get(paths[0]!) : undefined
      this.add(
        `COPY --from=${buildStage} ${isPlain ? words.join(' ') : JSON.stringify(words)}`,
        `${formatBytes(bytes)}${by}${why === undefined ? '' : `: ${why}`}.`,
      )
    }
  }

  /** Owners and modes of folders, links and pipes: what COPY does not carry over. */
  fix(plan: CopyPlan): void {
    const { image, classified, removed } = this.#input
    const commands: string[] = []
    const { workdir } = image.settings
    const changed = [...classified.classes].filter(([, { kind }]) => kind === 'changed folder').map(([path]) => path)
    const folders = new Set([...copiedFolders(plan), ...changed])
    for (const path of plan.bare) {
      const file = image.files.get(path)!
      // WORKDIR makes its folder by itself, as root's.
      if (path !== workdir || file.uid + file.gid > 0 || file.mode !== 0o755) commands.push(`mkdir -p ${quoted(path)}`)
      folders.add(path)
    }
    for (const path of folders) {
      const file = image.files.get(path)
      if (file?.kind !== 'folder' || classified.classes.get(path)?.kind === 'packaged') continue
      const there = this.#candidate.files.get(path)
      if (there && !classified.classes.has(path)) continue
      const made = there ?? { uid: 0, gid: 0, mode: 0o755 }
      const isOwnerNew = file.uid !== made.uid || file.gid !== made.gid
      if (isOwnerNew) commands.push(`chown ${file.uid}:${file.gid} ${quoted(path)}`)
      if (file.mode !== made.mode || (isOwnerNew && (file.mode & 0o6000) !== 0))
        commands.push(`chmod ${file.mode.toString(8)} ${quoted(path)}`)
    }
    for (const path of plan.others) {
      const file = image.files.get(path)!
      const parent = parentOf(path)
      const place = `mkdir -p ${quoted(parent)}`
      if (file.kind === 'link')
        commands.push(
          `${place} && rm -rf ${quoted(path)} && ln -s ${quoted(file.target)} ${quoted(path)}${file.uid + file.gid > 0 ? ` && chown -h ${file.uid}:${file.gid} ${quoted(path)}` : ''}`,
        )
      else
        commands.push(
          `${place} && mkfifo -m ${file.mode.toString(8)} ${quoted(path)} && chown ${file.uid}:${file.gid} ${quoted(path)}`,
        )
    }
    for (const folder of plan.folders)
      for (const path of image.files.below(folder)) {
        const file = image.files.get(path)!
        if (file.kind === 'other')
          commands.push(
            `mkfifo -m ${file.mode.toString(8)} ${quoted(path)} && chown ${file.uid}:${file.gid} ${quoted(path)}`,
          )
      }
    if (this.#copiesLibrary(plan)) commands.push('ldconfig')
    for (const path of removed) commands.push(`rm -rf ${quoted(path)}`)
    if (commands.length === 0) return
    this.#asRoot()
    this.add(
      `RUN ${[...new Set(commands)].join(' \\\n && ')}`,
      'Owners, modes and links that COPY does not carry over.',
    )
  }

  /** The loader of glibc finds a library in `/usr/local/lib` through its cache only. */
  #copiesLibrary({ files, folders }: CopyPlan): boolean {
    if (this.#candidate.files.resolve('/sbin/ldconfig') === undefined) return false
    const isLibrary = (path: string): boolean => /\/lib[^/]*\.so(\.[\d.]+)?$/.test(path)
    return (
      [...files.values()].flat().some(isLibrary) ||
      folders.some(
        (folder) => /^\/(usr|opt)\//.test(folder) && [...this.#input.image.files.below(folder)].some(isLibrary),
      )
    )
  }

  settings(): void {
    const lines = settingLines(this.#input, this.#user)
    lines.forEach((text, at) => {
      this.add(text, at === 0 ? 'Settings of the first image that the base does not give.' : '')
    })
  }
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The settings of the first image, where they differ from the candidate's. */
function settingLines({ image, base, requirements, command }: FinalStageInput, user: string): string[] {
  const [first, given]: ImageSettings[] = [image.settings, requirements.candidate.settings]
  const lines: string[] = []
  for (const [name, value] of Object.entries(first!.env))
    if (given!.env[name] !== value && !(name === 'PATH' && given!.env.PATH === undefined && value === defaultPath))
      lines.push(`ENV ${name}=${settingValue(value)}`)
  for (const [name, value] of Object.entries(first!.labels))
    if (!name.startsWith('dev.cutaway.') && given!.labels[name] !== value && base.settings.labels[name] !== value)
      lines.push(`LABEL ${JSON.stringify(name)}=${settingValue(value)}`)
  for (const port of first!.exposedPorts) if (!given!.exposedPorts.includes(port)) lines.push(`EXPOSE ${port}`)
  if ((first!.workdir || '/') !== (given!.workdir || '/')) lines.push(`WORKDIR ${first!.workdir || '/'}`)
  if (first!.shell.length > 0 && first!.shell.join('\0') !== given!.shell.join('\0'))
    lines.push(`SHELL ${JSON.stringify(first!.shell)}`)
  if (first!.stopSignal !== given!.stopSignal) lines.push(`STOPSIGNAL ${first!.stopSignal || 'SIGTERM'}`)
  if (JSON.stringify(first!.healthcheck) !== JSON.stringify(given!.healthcheck))
    lines.push(healthcheckLine(first!.healthcheck))
  if (isRoot(first!.user) ? !isRoot(user) : first!.user !== user)
    lines.push(`USER ${isRoot(first!.user) ? '0:0' : first!.user}`)
  const volumes = first!.volumes.filter((folder) => !given!.volumes.includes(folder))
  if (volumes.length > 0) lines.push(`VOLUME ${JSON.stringify(volumes)}`)
  for (const trigger of first!.triggers) lines.push(`ONBUILD ${trigger}`)
  const entrypoint = command === undefined ? first!.entrypoint : undefined
  const words = command ?? first!.command
  const isEntrypointNew = JSON.stringify(entrypoint ?? []) !== JSON.stringify(given!.entrypoint ?? [])
  if (isEntrypointNew) lines.push(`ENTRYPOINT ${JSON.stringify(entrypoint ?? [])}`)
  const isCommandNew = isEntrypointNew
    ? (words ?? []).length > 0
    : JSON.stringify(words ?? []) !== JSON.stringify(given!.command ?? [])
  if (isCommandNew) lines.push(`CMD ${JSON.stringify(words ?? [])}`)
  return lines
}

/** Language packages change least, the project's own files most: a source edit then pushes little. */
function changeRank(path: string): number {
  if (/\/(node_modules|site-packages|dist-packages|gems|vendor)(\/|$)|^\/usr\/lib\/|venv/.test(path)) return 0
  return /^\/(usr|opt)\//.test(path) ? 1 : 2
}

const shortened = (text: string): string => `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`
