import type { FailedStep } from './cause'

export interface CauseRule {
  readonly id: string
  /** Of the log and the engine's message, one after the other. */
  readonly says?: RegExp
  readonly holds?: (step: FailedStep, match: RegExpExecArray | undefined) => boolean
  /** `$1` stands for what the pattern captured. */
  readonly what: string
  readonly fix: string
}

const copies = ({ instruction }: FailedStep): boolean => /^(COPY|ADD)\b/i.test(instruction)
const fetches = ({ instruction }: FailedStep): boolean => /^RUN\b/i.test(instruction)
const updates = ({ instruction }: FailedStep): boolean => /apt(-get)?\s+(-\S+\s+)*update/.test(instruction)
const notThere =
  /"\/?([^"]+)"[^\n]*: not found|stat ([^\s:]+): (?:no such file|file does not exist)|([^\s:"]+): no such file or directory/
/** What the pattern captured, in whichever of its forms. */
export const captured = (match: RegExpExecArray | undefined): string =>
  match?.slice(1).find((part) => part !== undefined) ?? ''

/** The first that holds is named; what is told apart only by context stands before what is general. */
export const causeRules: readonly CauseRule[] = [
  {
    id: 'pep-668',
    says: /externally-managed-environment/,
    what: 'Debian’s Python refuses pip outside a virtual environment (PEP 668).',
    fix: 'RUN python3 -m venv /opt/venv, ENV PATH=/opt/venv/bin:$PATH, then pip install as before.',
  },
  {
    id: 'no-space',
    says: /no space left on device/i,
    what: 'The disk that the engine builds on is full.',
    fix: 'docker builder prune, docker image prune, or give the engine a larger disk.',
  },
  {
    id: 'apt-not-root',
    says: /are you root\?|List directory \S+ is missing\. - Acquire \(13: Permission denied\)|open lock file \S+ - open \(13: Permission denied\)/,
    what: 'apt was run by a user who is not root.',
    fix: 'Install before the USER line, or write USER root above it and the user again below.',
  },
  {
    id: 'network',
    says: /Temporary failure (?:in name resolution|resolving)|Could not resolve (?:host|'[^']+')|EAI_AGAIN|\bENOTFOUND\b|getaddrinfo|Name or service not known|no such host|Network is unreachable|Connection refused|ECONNREFUSED|Could not connect to|NewConnectionError|Connection timed out|i\/o timeout/i,
    holds: fetches,
    what: 'The step could not reach what it fetches from.',
    fix: 'See whether the build has a network and needs a proxy (--build-arg HTTP_PROXY=…), then build again.',
  },
  {
    id: 'tls',
    says: /certificate verif(?:y|ication) failed|SSL certificate problem|unable to get local issuer certificate|self[- ]signed certificate|certificate signed by unknown authority|SELF_SIGNED_CERT|certificate is not trusted/i,
    what: 'The certificate of the other side is not trusted inside the build.',
    fix: 'Install ca-certificates; behind a proxy that breaks open TLS, COPY its certificate in and run update-ca-certificates.',
  },
  {
    id: 'apt-lists-stale',
    says: /Failed to fetch \S+\s+404|404\s+Not Found \[IP/,
    what: 'The package lists are older than the archive: what they name is not there any more.',
    fix: 'Run apt-get update and apt-get install in the same RUN, and build it without cache.',
  },
  {
    id: 'apt-lists-missing',
    says: /E: Unable to locate package (\S+)|E: Package '([^']+)' has no installation candidate/,
    holds: (step) => !updates(step),
    what: 'apt does not know the package $1: there are no package lists in this step.',
    fix: 'RUN apt-get update && apt-get install … in one instruction.',
  },
  {
    id: 'package-not-found',
    says: /E: Unable to locate package (\S+)|E: Package '([^']+)' has no installation candidate|ERROR: unable to select packages:\s*(\S+)/,
    what: 'There is no package $1 in this distribution’s release.',
    fix: 'Look the name up for the release of the base image; names differ between releases and distributions.',
  },
  {
    id: 'npm-no-lock',
    says: /npm ci.{0,5} command can only install with an existing package-lock\.json|can only install with an existing package-lock/,
    what: 'npm ci needs a package-lock.json, and there is none where it runs.',
    fix: 'Commit package-lock.json, COPY it beside package.json, and see that .dockerignore lets it through.',
  },
  {
    id: 'npm-lock-differs',
    says: /npm ci.{0,5} can only install packages when your package\.json and package-lock\.json/,
    what: 'package.json and package-lock.json do not agree.',
    fix: 'Run npm install in the project, and commit the lock file that it writes.',
  },
  {
    id: 'npm-script-missing',
    says: /Missing script: "?([^"\s]+)/,
    what: 'package.json has no script $1.',
    fix: 'Add it, or RUN what there is; npm run lists them.',
  },
  {
    id: 'node-module-missing',
    says: /Cannot find (?:module|package) '([^']+)'/,
    what: 'Node.js does not find the module $1.',
    fix: 'Install it in an earlier step; npm ci --omit=dev leaves out what only the build needs.',
  },
  {
    id: 'pip-not-found',
    says: /No matching distribution found for (\S+)|Could not find a version that satisfies the requirement (\S+)/,
    what: 'pip finds no version of $1 that fits.',
    fix: 'See whether that version supports the Python of the base image and its platform, and whether the index is reachable.',
  },
  {
    id: 'python-module-missing',
    says: /ModuleNotFoundError: No module named '([^']+)'/,
    what: 'Python does not find the module $1.',
    fix: 'Install it in an earlier step, with the same Python that is run here.',
  },
  {
    id: 'header-missing',
    says: /fatal error: (\S+\.h\S*): No such file or directory/,
    what: 'The compiler does not find $1.',
    fix: 'Install the -dev (Debian) or -devel (Fedora) package that has it, in the build stage.',
  },
  {
    id: 'library-missing',
    says: /cannot find -l(\S+)/,
    what: 'The linker does not find the library $1.',
    fix: 'Install its -dev package in the build stage.',
  },
  {
    id: 'go-module-missing',
    says: /no required module provides package (\S+?)[;:]|missing go\.sum entry for (?:module providing package )?(\S+)|go: go\.mod file not found/,
    what: 'Go does not find a module that the program imports.',
    fix: 'Run go mod tidy in the project, and COPY go.mod and go.sum before go build.',
  },
  {
    id: 'secret-missing',
    says: /secret (\S+?):? not found|failed to get secret|secret \S+ is required|no active sessions/,
    holds: ({ instruction }) => /type=(secret|ssh)/.test(instruction),
    what: 'The step asks for a secret that the build was not given.',
    fix: 'Cutaway hands no secrets to a build. Build with docker build --secret, or make the secret optional (required=false).',
  },
  {
    id: 'wrong-architecture',
    says: /exec format error|cannot execute binary file/i,
    what: 'A program for another processor was started.',
    fix: 'Fetch or build it for the platform of the image; see --platform in FROM, and TARGETARCH.',
  },
  {
    id: 'script-carriage-return',
    says: /\^M: bad interpreter|\$'\\r': command not found|env: .?[\w./-]+\\r|: not found[\s\S]*\r|'?[\w/]+\\r'?: (?:No such file|not found)/,
    what: 'A script has Windows line ends, so its interpreter is not found.',
    fix: 'Save it with LF; *.sh text eol=lf in .gitattributes keeps it so.',
  },
  {
    id: 'no-shell',
    says: /exec: "\/bin\/(?:sh|bash)": stat \/bin\/(?:sh|bash): no such file|exec: "?\/bin\/sh"?.*(?:no such file|not found)/,
    what: 'RUN needs a shell, and this stage’s base image has none.',
    fix: 'Do it in a stage that has a shell and COPY the result; distroless and scratch have none.',
  },
  {
    id: 'copy-outside',
    holds: (step) => copies(step) && /(^|\s)\.\.\//.test(step.instruction),
    what: 'COPY cannot leave the build context, and .. leads out of it.',
    fix: 'Build with the folder above as the context, or move the file into the project.',
  },
  {
    id: 'copy-ignored',
    says: notThere,
    holds: (step, match) => copies(step) && !/--from=/.test(step.instruction) && step.isInFolder(captured(match)),
    what: '$1 is in the folder, and .dockerignore keeps it out of the build.',
    fix: 'Add an exception to .dockerignore, such as !$1, or do not copy it.',
  },
  {
    id: 'copy-from-missing',
    says: notThere,
    holds: (step) => copies(step) && /--from=/.test(step.instruction),
    what: '$1 is not in the stage that it is copied from.',
    fix: 'Compare the path with what that stage writes; a relative path there counts from its WORKDIR.',
  },
  {
    id: 'copy-missing',
    says: notThere,
    holds: copies,
    what: '$1 is not in the build context.',
    fix: 'Sources of COPY count from the context, not from the Dockerfile’s folder; names differ in upper and lower case.',
  },
  {
    id: 'permission',
    says: /([^\s:]+): Permission denied|EACCES: permission denied/i,
    what: 'The step may not do that: a script without the x bit, or a file of another user.',
    fix: 'COPY --chmod=755 for a script; COPY --chown or RUN chown for what a user other than root writes.',
  },
  {
    id: 'bashism',
    says: /(?:Syntax error: "\("|Syntax error: redirection|Bad substitution|\[\[: not found|source: not found|pipefail)/,
    what: 'The line is written for bash, and RUN uses /bin/sh, which here is a smaller shell.',
    fix: 'SHELL ["/bin/bash", "-c"] above it, where bash is installed, or write it for sh.',
  },
  {
    id: 'build-tool-missing',
    says: /(?:\/bin\/(?:ba)?sh: (?:\d+: |line \d+: )?|exec: "|command ')(gcc|g\+\+|cc|c\+\+|make|cmake|git|pkg-config|python3?|cargo|go|node|npm|mvn|javac)(?:: (?:not found|command not found)|": executable file not found|' failed: No such file)/,
    what: 'The step needs $1, which this stage does not have.',
    fix: 'Install it in the build stage (build-essential has compilers and make), or start from an image that has it.',
  },
  {
    id: 'loader-missing',
    says: /\/bin\/(?:ba)?sh: (?:\d+: |line \d+: )?(\.?\/[^\s:]+): not found/,
    what: '$1 cannot be started: it is not there, or the loader or interpreter that it names is not.',
    fix: 'A program linked for glibc does not start on musl (Alpine), nor the other way round; build it in a stage on the same base, or static.',
  },
  {
    id: 'command-missing',
    says: /\/bin\/(?:ba)?sh: (?:\d+: |line \d+: )?([^\s:]+): (?:command )?not found|exec: "([^"]+)": executable file not found/,
    what: 'There is no program $1 in this stage.',
    fix: 'Install it first, or start from an image that has it.',
  },
  {
    id: 'user-missing',
    says: /unable to find user (\S+?): no matching entries|no such user:? '?(\S+)/i,
    what: 'The image does not know the user $1.',
    fix: 'RUN useradd in this stage, or write the number: USER 65532.',
  },
  {
    id: 'out-of-memory',
    says: /signal: killed|\bKilled\b|Cannot allocate memory|JavaScript heap out of memory|OutOfMemoryError/,
    what: 'The step was ended because memory ran out.',
    fix: 'Give the engine more memory, or build with less at once (make -j2, NODE_OPTIONS=--max-old-space-size).',
  },
  {
    id: 'out-of-memory',
    holds: ({ exitCode }) => exitCode === 137,
    what: 'The step was killed, most likely because memory ran out.',
    fix: 'Give the engine more memory, or build with less at once (make -j2, NODE_OPTIONS=--max-old-space-size).',
  },
]
