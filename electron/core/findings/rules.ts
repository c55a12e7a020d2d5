/** An error keeps the image from being built or started; a warning may; an info costs size, time or safety. */
export type Severity = 'error' | 'warning' | 'info'

/** What is true of every finding of a rule; `docs/lint-rules.md` is made from it. */
export interface LintRule {
  readonly severity: Severity
  /** Where it is checked: in the Dockerfile before the build, in the files of the built image, or in both. */
  readonly checks: 'Dockerfile' | 'image' | 'both'
  /** What is wrong, in a few words without a full stop. */
  readonly title: string
  /** Why it matters. */
  readonly consequence: string
  /** What to write instead. */
  readonly fix: string
}

const error = { severity: 'error' } as const
const warning = { severity: 'warning' } as const
const info = { severity: 'info', checks: 'Dockerfile' } as const
const inDockerfile = { checks: 'Dockerfile' } as const
const inImage = { checks: 'image' } as const
const inBoth = { checks: 'both' } as const

const packageCache = (program: string, command: string) => ({
  ...info,
  title: `${program} leaves its cache in the image`,
  consequence: 'Downloaded packages or package lists stay in the layer. A later RUN can’t remove them from it.',
  fix: `Use \`${command}\` in the same RUN, or a cache mount.`,
})

/**
 * All rules by id. Ids are stable. A rule that hadolint (`DL…`) or `docker build --check` has too goes by that name:
 * https://github.com/hadolint/hadolint#rules, https://docs.docker.com/reference/build-checks/
 */
export const lintRules = {
  'packages-not-copied': {
    ...error,
    ...inDockerfile,
    title: 'Installed packages aren’t copied to the final stage',
    consequence: 'The program starts without its packages and fails with an import error.',
    fix: 'Install into one folder, for example a virtual environment, and copy that folder with COPY --from.',
  },
  'virtual-environment-moved': {
    ...error,
    ...inDockerfile,
    title: 'A virtual environment is copied to another path',
    consequence: 'Its scripts name their interpreter by absolute path, so they don’t start.',
    fix: 'Copy it to the path where it was created.',
  },
  'python-version-differs': {
    ...error,
    ...inDockerfile,
    title: 'Packages are installed for another Python version',
    consequence: 'Python looks for packages in a folder named after its version and doesn’t find them.',
    fix: 'Use the same Python minor version in both stages.',
  },
  'dynamic-program-without-libraries': {
    ...error,
    ...inDockerfile,
    title: 'A dynamically linked program on a base image without a C library',
    consequence: 'The program doesn’t start: its loader doesn’t exist.',
    fix: 'Link statically (CGO_ENABLED=0 for Go), or use a base image with a C library.',
  },
  'c-library-differs': {
    ...error,
    ...inDockerfile,
    title: 'A program is linked against another C library',
    consequence: 'A program built on Debian (glibc) doesn’t start on Alpine (musl), and the other way round.',
    fix: 'Build on the same distribution family, or link statically.',
  },
  'interpreter-missing': {
    ...error,
    ...inDockerfile,
    title: 'The command runs an interpreter that the base image lacks',
    consequence: 'The container doesn’t start: executable file not found.',
    fix: 'Install the interpreter, or use a base image that includes it.',
  },
  'script-with-carriage-returns': {
    ...error,
    ...inBoth,
    title: 'A start script has CRLF line endings',
    consequence: 'The kernel looks for an interpreter whose name ends in a carriage return.',
    fix: 'Save the script with LF line endings, and keep them with a .gitattributes file.',
  },
  'script-without-interpreter': {
    ...error,
    ...inBoth,
    title: 'A start script has no #! line',
    consequence: 'The container doesn’t start: exec format error.',
    fix: 'Add a first line such as #!/bin/sh.',
  },
  'script-interpreter-missing': {
    ...error,
    ...inBoth,
    title: 'The interpreter of a start script isn’t in the image',
    consequence: 'The container doesn’t start: no such file or directory.',
    fix: 'Install the interpreter, change the first line, or start the program directly.',
  },
  'shell-form-without-shell': {
    ...error,
    ...inDockerfile,
    title: 'A command in shell form on a base image without a shell',
    consequence: 'The container doesn’t start: /bin/sh doesn’t exist.',
    fix: 'Use the exec form: CMD ["program", "argument"].',
  },
  'run-without-shell': {
    ...error,
    ...inDockerfile,
    title: 'RUN on a base image without a shell',
    consequence: 'The build fails.',
    fix: 'Run it in a build stage and copy the result.',
  },
  'unknown-user': {
    ...error,
    ...inDockerfile,
    title: 'USER or --chown names a user that doesn’t exist',
    consequence: 'The build or the start fails.',
    fix: 'Use a numeric user, for example 65532:65532, or create the user first.',
  },
  'time-zones-missing': {
    ...warning,
    ...inDockerfile,
    title: 'TZ is set without time zone files',
    consequence: 'The program silently uses UTC.',
    fix: 'Copy /usr/share/zoneinfo to the final stage.',
  },
  'no-command': {
    ...warning,
    ...inImage,
    title: 'The image has no command',
    consequence: '`docker run` needs a command to start a container.',
    fix: 'Add ENTRYPOINT or CMD to the final stage.',
  },
  'program-missing': {
    ...error,
    ...inImage,
    title: 'The program isn’t in the image',
    consequence: 'The container doesn’t start: executable file not found.',
    fix: 'COPY it from the stage that builds it, or use a base image that includes it.',
  },
  'program-not-executable': {
    ...error,
    ...inImage,
    title: 'The program isn’t executable',
    consequence: 'The container doesn’t start: permission denied.',
    fix: 'Use COPY --chmod=755, or chmod +x where the file is created.',
  },
  'script-missing': {
    ...error,
    ...inImage,
    title: 'The script that the interpreter runs isn’t in the image',
    consequence: 'The interpreter starts and exits with an error.',
    fix: 'COPY the script, or set WORKDIR to the folder that contains it.',
  },
  'other-architecture': {
    ...error,
    ...inImage,
    title: 'The program is built for another architecture',
    consequence: 'The container doesn’t start: exec format error.',
    fix: 'Build the program for the image’s platform.',
  },
  'loader-missing': {
    ...error,
    ...inImage,
    title: 'The program’s loader isn’t in the image',
    consequence: 'The container doesn’t start: no such file or directory.',
    fix: 'Link statically, or use a base image with the C library that the program was built with.',
  },
  'library-missing': {
    ...error,
    ...inImage,
    title: 'A shared library isn’t in the image',
    consequence: 'The program or add-on can’t be loaded. For add-ons this is a warning.',
    fix: 'Install the package that provides it in the final stage, or COPY the library from the build stage.',
  },
  'user-unknown': {
    ...error,
    ...inImage,
    title: 'The image’s user doesn’t exist in it',
    consequence: 'The container doesn’t start: no matching entries in passwd file.',
    fix: 'Use a numeric user, or create the user in the final stage.',
  },
  'link-dangling': {
    ...warning,
    ...inImage,
    title: 'A program is a link to a file that isn’t in the image',
    consequence: 'Starting it fails: no such file or directory.',
    fix: 'COPY the link target to the same path.',
  },
  'packages-lost': {
    ...warning,
    ...inImage,
    title: 'Python packages of *before* are missing in *after*',
    consequence: 'The program fails when it imports one of them.',
    fix: 'Install the packages into a virtual environment and copy that to the final stage.',
  },
  DL3002: {
    ...info,
    title: 'The program runs as root',
    consequence: 'A process that escapes the container would be root on the host.',
    fix: 'Switch to another user with USER before the command.',
  },
  DL3006: {
    ...info,
    title: 'The base image has no tag',
    consequence: 'The same Dockerfile builds a different image as soon as the publisher updates it.',
    fix: 'Add a version to the base image.',
  },
  DL3007: {
    ...info,
    title: 'The base image uses the tag latest',
    consequence: 'The same Dockerfile builds a different image as soon as the publisher updates it.',
    fix: 'Use a version instead of latest.',
  },
  DL3009: packageCache('apt', 'rm -rf /var/lib/apt/lists/*'),
  DL3015: {
    ...info,
    title: 'apt installs recommended packages',
    consequence: 'Recommended packages increase the image size.',
    fix: 'Use `apt-get install --no-install-recommends`.',
  },
  DL3019: packageCache('apk', 'apk add --no-cache'),
  DL3020: {
    ...info,
    title: 'ADD is used where COPY is enough',
    consequence: 'ADD can also unpack archives and download URLs, so readers have to check which of these it does.',
    fix: 'Use COPY.',
  },
  DL3032: packageCache('yum', 'yum clean all'),
  DL3036: packageCache('zypper', 'zypper clean --all'),
  DL3040: packageCache('dnf', 'dnf clean all'),
  DL3042: packageCache('pip', 'pip install --no-cache-dir'),
  DL3060: packageCache('yarn', 'yarn cache clean'),
  'npm-cache-kept': packageCache('npm', 'npm cache clean --force'),
  'apt-update-alone': {
    ...info,
    title: 'apt-get update runs in its own RUN',
    consequence: 'Its result stays in the build cache, so a later install may ask for versions that no longer exist.',
    fix: 'Combine update and install in one RUN.',
  },
  'stored-twice': {
    ...info,
    title: 'chown or chmod stores copied files a second time',
    consequence: 'Changing the owner or mode of a file stores the whole file again in the new layer.',
    fix: 'Use COPY --chown or COPY --chmod.',
  },
  'removed-in-later-layer': {
    ...info,
    title: 'Files are deleted in a later layer',
    consequence: 'The image doesn’t get smaller, and anyone with the image can extract the files.',
    fix: 'Delete the files in the RUN that creates them, or use a build stage.',
  },
  'copied-before-install': {
    ...info,
    title: 'The project is copied before its dependencies are installed',
    consequence: 'Editing any file reinstalls all dependencies.',
    fix: 'Copy the manifests first, install, then copy the rest.',
  },
  'dockerignore-missing': {
    ...info,
    title: 'The whole folder is copied without a .dockerignore',
    consequence: 'Everything in the folder is sent to the engine and copied into a layer.',
    fix: 'Add a .dockerignore file.',
  },
  'dockerignore-incomplete': {
    ...info,
    title: 'The .dockerignore doesn’t exclude files that images rarely need',
    consequence: 'They are sent to the engine, copied into a layer, and invalidate the build cache.',
    fix: 'Add them to .dockerignore.',
  },
  'add-url': {
    ...info,
    title: 'ADD downloads a URL into its own layer',
    consequence: 'If a later RUN unpacks the download, the content is stored twice.',
    fix: 'Download and unpack in one RUN, or in a build stage.',
  },
  SecretsUsedInArgOrEnv: {
    ...info,
    title: 'ARG or ENV holds a secret',
    consequence: 'Anyone with the image can read it.',
    fix: 'Mount the secret for the build, or pass it to the container when you start it.',
  },
  JSONArgsRecommended: {
    ...info,
    title: 'The command uses the shell form',
    consequence: 'The shell receives the stop signal and doesn’t forward it.',
    fix: 'Use the exec form: CMD ["program", "argument"].',
  },
} as const satisfies Readonly<Record<string, LintRule>>

/** The id of a rule; a rule without an entry above does not compile. */
export type RuleId = keyof typeof lintRules

const headings: Readonly<Record<Severity, string>> = {
  error: 'Errors: the image doesn’t build or start',
  warning: 'Warnings: the image may misbehave',
  info: 'Suggestions: smaller, faster or safer',
}

const places: Readonly<Record<LintRule['checks'], string>> = {
  Dockerfile: 'Checked in the Dockerfile, before the build.',
  image: 'Checked in the files of the built image.',
  both: 'Checked in the Dockerfile and in the files of the built image.',
}

/** All rules as a Markdown page with one section per rule, whose anchor is the rule's id. */
export function lintRulesPage(): string {
  const rules: readonly (readonly [string, LintRule])[] = Object.entries(lintRules)
  const parts = (['error', 'warning', 'info'] as const).map((severity) => {
    const sections = rules
      .filter(([, rule]) => rule.severity === severity)
      .map(
        ([id, { title, consequence, fix, checks }]) =>
          `### ${id}\n\n${title}.\n\n- **Why it matters:** ${consequence}\n- **Fix:** ${fix}\n- ${places[checks]}\n`,
      )
    return `## ${headings[severity]}\n\n${sections.join('\n')}`
  })
  const intro =
    'Cutaway reports what keeps an image from running, and what makes it larger, slower to build or less safe than it has to be.\n' +
    '`cutaway check` checks Dockerfiles without building. `cutaway compare` also checks the files of the built images.\n' +
    'Rules that hadolint or `docker build --check` have too go by the same name.\n'
  return `# Lint rules\n\n${intro}\n${parts.join('\n')}`
}
