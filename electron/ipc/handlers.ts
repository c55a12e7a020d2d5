import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { EngineError, type Failure } from '../core/failure'
import { printable } from '../core/printable'
import { EngineChoice } from '../engine/docker/engine-choice'
import type { ReadProgress } from '../engine/images/export-stream'
import { sweepInBackground } from '../engine/life/sweep'
import { listExamples, sampleIn } from '../engine/project/examples'
import { listFolder } from '../engine/project/list-folder'
import { recentFile, settingsFile } from '../engine/setup/data-directory'
import type { ImageStore } from '../engine/store/image-store'
import { addRecent, readRecent } from '../engine/store/recent'
import { reportFile } from '../engine/store/report-file'
import { BuildSession } from './build-session'
import type { Handlers, HostEvent, Reply, RequestName } from './contract'
import { engineOptions, engineStatus } from './engine-view'
import { inputs } from './inputs'
import { Jobs } from './jobs'
import { LadderSession } from './ladder-session'
import { examineOpened, listEngineImages, openImages } from './open-images'
import { OpenProjects } from './open-projects'
import { projectView, sideView } from './project-view'
import { Sessions } from './sessions'
import { settingsHandlers } from './settings-handlers'
import { ShownComparisons } from './shown-comparisons'
import type { AppState } from './views'

/** What a host adds to the handlers that both share. */
export interface HostServices {
  readonly host: AppState['host']
  readonly version: string
  readonly initialPath: string | undefined
  /** Folder with examples and stand-in recipes. */
  readonly resources: string
  /** The page of reports, as it is built with the app. */
  readonly reportPage: string
  readonly store: ImageStore
  readonly emit: (event: HostEvent) => void
  /** Asks the user with a dialog of its own; undefined where the host has none. */
  readonly choosePath: (what: 'folder' | 'file') => Promise<string | undefined>
  readonly log: (text: string) => void
}

export interface Backend {
  /** Checks the input and answers; rejects never. */
  handle(name: string, input: unknown): Promise<Reply<unknown>>
  dispose(): Promise<void>
}

export function createBackend(host: HostServices): Backend {
  // What is logged names files and quotes engines, and a log may be read in a terminal.
  const services: HostServices = { ...host, log: (text) => host.log(printable(text)) }
  const jobs = new Jobs(services.emit)
  const shared = makeShared(services, jobs)
  const handlers = makeHandlers(shared)
  sweepAtStart(shared)
  return {
    async handle(name, input) {
      if (!Object.hasOwn(inputs, name)) return refused({ code: 'bad-input', problem: 'there is no such request' })
      const request = name as RequestName
      const parsed = inputs[request].safeParse(input)
      if (!parsed.success) {
        const problem = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
        return refused({ code: 'bad-input', problem })
      }
      try {
        return { ok: true, value: await (handlers[request] as (input: unknown) => Promise<unknown>)(parsed.data) }
      } catch (error) {
        if (error instanceof EngineError) return refused(error.failure)
        const incident = randomUUID().slice(0, 8)
        services.log(`incident ${incident} in ${name}: ${error instanceof Error ? error.stack : String(error)}`)
        return refused({ code: 'internal', incident })
      }
    },
    async dispose() {
      const ended = jobs.endAll().then(() => releaseImages(shared))
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
      await services.store.dispose()
    },
  }
}

const refused = (failure: Failure): Reply<never> => ({ ok: false, failure })

/** What handlers of one backend share. */
interface Shared {
  readonly services: HostServices
  readonly jobs: Jobs
  readonly sessions: Sessions<BuildSession>
  readonly ladders: Sessions<LadderSession>
  readonly shown: ShownComparisons
  readonly projects: OpenProjects
  readonly choice: EngineChoice
  readonly standInRecipes: string
}

/** The longest wait for jobs that were cancelled. */
const patienceMs = 5000

/** Removes what an earlier Cutaway left behind that could not clean up. No request waits for it. */
function sweepAtStart({ choice, services: { log } }: Shared): void {
  choice.find().then(
    ({ client }) => sweepInBackground(client, log),
    () => undefined, // no engine answers, so nothing is there to be removed
  )
}

/** Another Cutaway may remove the images of this one's builds from then on. */
async function releaseImages({ sessions, ladders, services: { log } }: Shared): Promise<void> {
  for (const session of [...sessions.all(), ...ladders.all()]) await session.release().catch(logRelease(log))
}

const logRelease =
  (log: HostServices['log']) =>
  (error: unknown): void =>
    log(`releasing the images of a build: ${error}`)

function makeShared(services: HostServices, jobs: Jobs): Shared {
  const { log } = services
  return {
    services,
    jobs,
    sessions: new Sessions<BuildSession>('build', (session) => void session.release().catch(logRelease(log))),
    ladders: new Sessions<LadderSession>('ladder', (session) => void session.release().catch(logRelease(log))),
    shown: new ShownComparisons(),
    projects: new OpenProjects(),
    choice: new EngineChoice(settingsFile()),
    standInRecipes: join(services.resources, 'stand-ins'),
  }
}

function makeHandlers(shared: Shared): Handlers {
  return {
    ...appHandlers(shared),
    ...projectHandlers(shared),
    ...buildHandlers(shared),
    ...imageHandlers(shared),
    ...comparisonHandlers(shared),
    ...settingsHandlers,
  }
}

/** About the app and its engine, and asking the user for a place. */
function appHandlers({ services, choice, jobs }: Shared) {
  return {
    'app.state': () => appState(services, choice),
    'engine.status': () => engineStatus(choice),
    'engine.list': () => engineOptions(choice),
    'engine.choose': async ({ address }) => {
      await choice.choose(address)
      return engineStatus(choice)
    },
    'folder.choose': () => services.choosePath('folder'),
    'file.choose': () => services.choosePath('file'),
    'folder.list': ({ path }) => listFolder(path),
    'job.cancel': async ({ jobId }) => {
      jobs.cancel(jobId)
      return undefined
    },
  } satisfies Partial<Handlers>
}

function projectHandlers({ services, projects }: Shared) {
  return {
    'project.open': async ({ path }) => {
      const project = await projects.open(path)
      const entry = { path: project.folder, openedMs: Date.now() }
      // A list that cannot be kept is no reason not to open a project.
      await addRecent(recentFile(), entry).catch((error) => services.log(`the list of recent projects: ${error}`))
      return projectView(project)
    },
    'variant.view': async ({ path, role, choice }) => sideView(await projects.known(path), role, choice),
  } satisfies Partial<Handlers>
}

function buildHandlers({ services, jobs, sessions, ladders, choice, standInRecipes }: Shared) {
  return {
    'variant.build': ({ jobId, path, before, after, noCache }) =>
      jobs.run(jobId, async (context) => {
        const engine = await choice.find()
        return sessions
          .keep(jobId, new BuildSession({ engine, path, choice: { before, after }, noCache, standInRecipes }))
          .build(context)
      }),
    'build.log': async ({ jobId, role, step }) => sessions.find(jobId).log(role, step),
    'build.stages': ({ jobId, buildId, isAsked }) =>
      jobs.run(jobId, (context) => sessions.find(buildId).stages(isAsked, context)),
    'ladder.build': ({ jobId, path, choices, noCache }) =>
      jobs.run(jobId, async (context) => {
        const engine = await choice.find()
        return ladders
          .keep(jobId, new LadderSession({ engine, path, choices, noCache, standInRecipes }))
          .build(services.store, context)
      }),
    'ladder.pair': async ({ ladderId, buildId, before, after }) => {
      const { session, view } = ladders.find(ladderId).pair(before, after)
      sessions.keep(buildId, session)
      return view
    },
  } satisfies Partial<Handlers>
}

function imageHandlers({ services: { store }, jobs, shown, choice }: Shared) {
  return {
    'image.list': async () => listEngineImages(await choice.find()),
    'image.open': ({ jobId, ...images }) =>
      jobs.run(jobId, (context) => openImages({ store, choice, shown }, images, context)),
    'image.examine': ({ jobId, comparisonId }) =>
      jobs.run(jobId, async (context) =>
        shown.examined(comparisonId, await examineOpened(store, comparisonId, context)),
      ),
  } satisfies Partial<Handlers>
}

function comparisonHandlers({ services: { store, reportPage }, jobs, sessions, shown }: Shared) {
  return {
    'comparison.open': ({ jobId, buildId }) =>
      jobs.run(jobId, async (context) => {
        const session = sessions.find(buildId)
        const facts = { build: () => session.saved(), given: () => session.buildArguments() }
        return shown.opened(await session.compare(store, context), facts)
      }),
    'comparison.examine': ({ jobId, buildId }) =>
      jobs.run(jobId, async (context) => {
        const session = sessions.find(buildId)
        const examination = await session.examine(store, context)
        return shown.examined(session.comparisonId!, examination)
      }),
    'comparison.secrets': ({ comparisonId }) => shown.secrets(store, comparisonId),
    'comparison.save': ({ comparisonId, includesSecrets }) => shown.save(store, comparisonId, includesSecrets),
    'comparison.report': async ({ comparisonId, includesSecrets }) =>
      reportFile(reportPage, await shown.save(store, comparisonId, includesSecrets)),
    'comparison.classes': ({ comparisonId }) => store.classes(comparisonId),
    'comparison.matrix': ({ jobId, buildId, runs }) =>
      jobs.run(jobId, async (context) => {
        const session = sessions.find(buildId)
        const matrix = await session.matrix(runs, context)
        if (session.comparisonId !== undefined) shown.measured(session.comparisonId, { matrix })
        return matrix
      }),
    'comparison.scan': ({ jobId, comparisonId }) =>
      jobs.run(jobId, async ({ signal }) => {
        const vulnerabilities = await store.scan(comparisonId, { signal })
        return shown.measured(comparisonId, { vulnerabilities }).vulnerabilities
      }),
    'comparison.run': ({ jobId, comparisonId, request }) =>
      jobs.run(jobId, async ({ signal }) => {
        const run = await store.run(comparisonId, { ...request, port: request.port }, { signal })
        return shown.measured(comparisonId, { run }).run
      }),
    'comparison.tree': ({ comparisonId }) => store.tree(comparisonId),
    'comparison.entry': ({ comparisonId, node }) => store.entry(comparisonId, node),
    'comparison.file': ({ jobId, comparisonId, ...request }) =>
      jobs.run(jobId, ({ signal }) => store.file(comparisonId, request, { signal })),
    'comparison.hidden': ({ jobId, comparisonId, ...request }) =>
      jobs.run(jobId, ({ signal, report }) => {
        const onProgress = (progress: ReadProgress): void => report({ kind: 'read', ...progress })
        return store.hidden(comparisonId, request, { signal, onProgress })
      }),
  } satisfies Partial<Handlers>
}

async function appState(
  { host, version, resources, initialPath }: HostServices,
  choice: EngineChoice,
): Promise<AppState> {
  return {
    host,
    version,
    engine: await engineStatus(choice),
    examples: await listExamples(join(resources, 'examples')),
    sample: await sampleIn(resources),
    recent: await readRecent(recentFile()),
    initialPath,
  }
}
