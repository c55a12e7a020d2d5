/** What is known of the build context without a build: the names at its top, and the text of files that name a language. */
export interface ProjectFiles {
  readonly names: readonly string[]
  /** Undefined for a file that is not there, or that is no manifest. */
  text(name: string): string | undefined
}

/** Files that tell a project's language, its version and its parts. */
export const manifestNames: readonly string[] = [
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
