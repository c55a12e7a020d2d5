/** What is known of the build context without a build: the names at its top, and the text of manifests and scripts. */
export interface ProjectFiles {
  readonly names: readonly string[]
  /** Undefined for a file that is not there, or that is neither manifest nor script. */
  text(name: string): string | undefined
}

/** Whether a file's text is worth reading: manifests, which tell the language, and scripts, whose first line names a program. */
export const isTelling = (name: string): boolean =>
  manifestNames.includes(name) || /\.(sh|bash)$|^(docker-)?entrypoint/.test(name)

const manifestNames: readonly string[] = [
  '.dockerignore',
  'go.mod',
  'Cargo.toml',
  'package.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'requirements.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Gemfile',
  'composer.json',
  'CMakeLists.txt',
  'Makefile',
]
