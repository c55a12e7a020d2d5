// Who may import whom; the table is in ARCHITECTURE.md.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '^electron/(main|preload|cli|cli-thread|web|web-start|worker|watchdog)\\.ts$|^renderer/main\\.tsx$|\\.d\\.ts$',
      },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only(
      'core-is-pure',
      '^electron/core',
      ['^electron/core', '^node_modules/dockerfile-ast/'],
      'core knows what is true, and does no I/O',
    ),
    {
      name: 'one-file-imports-the-parser',
      severity: 'error',
      from: { pathNot: ['^electron/core/dockerfile/parse\\.ts$', '^node_modules'] },
      to: { path: '^node_modules/dockerfile-ast/' },
    },
    {
      name: 'engine-is-below-hosts',
      severity: 'error',
      from: { path: '^electron/engine' },
      to: {
        path: [
          '^electron/(ipc|cli)/',
          '^electron/[^/]+\\.ts$',
          '^renderer',
          '^electron$',
          '^node_modules/(electron|react)',
        ],
      },
    },
    {
      name: 'one-file-imports-docker-modem',
      severity: 'error',
      from: { pathNot: ['^electron/engine/docker/client\\.ts$', '^node_modules'] },
      to: { path: '^node_modules/(docker-modem|@types/docker-modem|dockerode)/' },
    },
    {
      name: 'no-http-server-in-engine',
      severity: 'error',
      from: { path: '^electron/engine' },
      to: { path: '^(node:)?(http2|https)$' },
    },
    only(
      'contract-names-things',
      '^electron/ipc/(contract|views|inputs)\\.ts$',
      ['^electron/core', '^electron/ipc/(views|inputs)\\.ts$', '^node_modules/zod/'],
      'only types of core, and zod for inputs',
    ),
    {
      name: 'handlers-know-no-host',
      severity: 'error',
      from: { path: '^electron/ipc', pathNot: '^electron/ipc/((electron|web)-host|static-files)\\.ts$' },
      to: {
        path: ['^electron/ipc/(electron|web)-host', '^electron$', '^node_modules/electron/', '^electron/[^/]+\\.ts$'],
      },
    },
    {
      name: 'hosts-know-no-engine',
      severity: 'error',
      from: { path: '^electron/ipc/(electron|web)-host\\.ts$' },
      to: { path: '^electron/engine' },
    },
    {
      name: 'electron-only-in-its-roots',
      severity: 'error',
      from: { path: '^electron', pathNot: '^electron/((main|window|menu|preload)\\.ts$|ipc/electron-host\\.ts$)' },
      to: { path: ['^electron$', '^node_modules/electron/'] },
    },
    only(
      'preload-is-thin',
      '^electron/preload\\.ts$',
      ['^electron/ipc/contract\\.ts$', '^electron$', '^node_modules/electron/'],
      'a sandboxed preload can load nothing else',
    ),
    {
      name: 'contract-as-types-only',
      comment: 'importing values would pull zod into the page',
      severity: 'error',
      from: { path: '^(renderer|electron/preload\\.ts)' },
      to: { path: '^electron/ipc/(contract|views)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-reaches-core-and-contract',
      severity: 'error',
      from: { path: '^renderer' },
      to: { path: '^electron/', pathNot: ['^electron/core', '^electron/ipc/(contract|views|saved-page)\\.ts$'] },
    },
    {
      name: 'renderer-knows-no-node',
      severity: 'error',
      from: { path: '^renderer' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'treemap-is-pure',
      comment: 'layout, painting and colorings know neither React nor components, nor the rest of the page',
      severity: 'error',
      from: { path: '^renderer/treemap' },
      to: { path: ['^renderer/(?!treemap/)', '^node_modules/react'] },
    },
    {
      name: 'page-folders-without-cycles',
      comment: 'treemap <- shared <- compare <- build and source <- variants; findings stands on compare, app on all',
      severity: 'error',
      scope: 'folder',
      from: { path: '^renderer' },
      to: { circular: true },
    },
    {
      name: 'shared-knows-no-feature',
      severity: 'error',
      from: { path: '^renderer/shared' },
      to: { path: '^renderer/(?!shared/|treemap/)' },
    },
    {
      name: 'features-know-no-shell',
      severity: 'error',
      from: { path: '^renderer/(source|variants|build|compare|findings)/' },
      to: { path: ['^renderer/app/', '^renderer/[^/]+$'] },
    },
    {
      name: 'components-ask-through-actions',
      comment: 'only the entry points know which host there is; the page is given its api',
      severity: 'error',
      from: { path: '^renderer', pathNot: ['^renderer/main\\.tsx$', '^renderer/shared/(http-)?api\\.ts$'] },
      to: { path: '^renderer/shared/(http-)?api\\.ts$' },
    },
    {
      name: 'state-knows-no-component',
      comment: 'state and actions are tested without a browser',
      severity: 'error',
      from: { path: '^renderer/.*\\.ts$', pathNot: ['^renderer/(main|report)\\.tsx?$'] },
      to: { path: '^renderer/.*\\.tsx$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
