import { joinPath } from '../../dockerfile/stage-state'
import { noExtras, type SplitPlan, type SplitRule } from './plan'
import { flagOf, runs, type SingleStage } from './single-stage'

/** A site of files that a build makes and a small server gives out: neither Node.js nor its packages are needed to run. */
export const staticSiteRule: SplitRule = (single) => {
  const served = servedFolder(single)
  if (served === undefined) return undefined
  if (
    !['npm', 'yarn', 'pnpm', 'npx'].some((name) =>
      runs(single, name).some(({ words }) => words.some((word) => /build/.test(word))),
    )
  )
    return undefined
  const { folder, port } = served
  const config = `/etc/nginx/conf.d/default.conf`
  const lines = [
    `RUN mkdir -p /etc/nginx/conf.d && printf 'server {\\n  listen ${port};\\n  root ${folder};\\n  location / { try_files $uri $uri/ /index.html; }\\n}\\n' > ${config}`,
  ]
  return {
    ...noExtras,
    language: 'static site',
    runtimeBase: 'nginxinc/nginx-unprivileged:stable',
    baseReason: 'The build made plain files; a web server gives them out without Node.js and without root.',
    inserts: [
      {
        before: lastUser(single),
        lines,
        reason: 'The same port and the same folder; unknown paths lead to the page, as the server before does.',
      },
    ],
    copies: [
      { path: config, reason: 'What the web server gives out, and where it listens.' },
      { path: folder, reason: 'The files that the build made.' },
    ],
    startsItself: true,
  }
}

/** What the command gives out and where: `serve -s dist -l 3000`, `http-server dist -p 8080`, `vite preview`. */
function servedFolder({ program, workdir, files, stage }: SingleStage): { folder: string; port: string } | undefined {
  const words = program?.words.filter((word) => !/^(npx|-y|--yes|exec|--)$/.test(word)) ?? []
  const server = words[0]?.split('/').at(-1)
  const expose = stage.instructions.findLast(({ keyword }) => keyword === 'EXPOSE')?.argumentText.match(/\d+/)?.[0]
  const command = { words }
  const port = (names: readonly string[], usual: string): string =>
    /\d+$/.exec(flagOf(command, ...names) ?? '')?.[0] ?? expose ?? usual
  const place = (folder: string): string => joinPath(workdir, folder)
  if (server === 'serve' || server === 'http-server') {
    const names = server === 'serve' ? ['-l', '--listen', '-p'] : ['-p', '--port']
    const folder = words.find((word, at) => at > 0 && !word.startsWith('-') && !names.includes(words[at - 1]!))
    return { folder: place(folder ?? '.'), port: port(names, server === 'serve' ? '3000' : '8080') }
  }
  const preview =
    /^(npm|yarn|pnpm)$/.test(server ?? '') &&
    words.includes('preview') &&
    /"preview"\s*:\s*"vite preview/.test(files.text('package.json') ?? '')
  if ((server === 'vite' && words[1] === 'preview') || preview)
    return { folder: place('dist'), port: port(['--port'], '4173') }
  return undefined
}

/** Settings of the server are written before the build gives up its rights. */
const lastUser = ({ stage }: SingleStage): SplitPlan['inserts'][number]['before'] =>
  stage.instructions.findLast(({ keyword }) => keyword === 'USER')
