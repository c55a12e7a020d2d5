/** A change to one file of the build context, made in what the engine is sent, never on disk. */
export interface ContextEdit {
  /** From the context's folder. */
  readonly path: string
  /** Stands at its end, the number of the edit in place of `%`; '' for a format without comments. */
  readonly append: string
}

interface EditRule {
  readonly path: RegExp
  readonly append: string
}

const slashes = '\n// edit %\n'
const hash = '\n# edit %\n'
const block = '\n/* edit % */\n'

/** What a developer changes all day. A comment at the end leaves the program what it is, and the file another one. */
const sourceRules: readonly EditRule[] = [
  { path: /(^|\/)(main|server|app|index)\.(go|rs|java|kt|cs|js|mjs|cjs|ts|tsx|php)$/, append: slashes },
  { path: /(^|\/)(main|app|server|__main__|manage|wsgi)\.py$|(^|\/)(app|main|config)\.rb$/, append: hash },
  { path: /(^|\/)main\.(c|cc|cpp|cxx)$/, append: block },
  { path: /\.(go|rs|java|kt|cs|js|mjs|cjs|ts|tsx|jsx|php|swift|scala)$/, append: slashes },
  { path: /\.(c|cc|cpp|cxx|css)$/, append: block },
  { path: /\.(py|rb|sh|pl|ex|exs)$/, append: hash },
  { path: /\.html?$/, append: '\n<!-- edit % -->\n' },
]

/** What names the dependencies. */
const dependencyRules: readonly EditRule[] = [
  { path: /(^|\/)(go\.mod)$/, append: slashes },
  { path: /(^|\/)(requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|Gemfile|Cargo\.toml)$/, append: hash },
  { path: /(^|\/)(package\.json|composer\.json)$/, append: '' },
  { path: /(^|\/)(pom\.xml|[\w.]+\.csproj)$/, append: '\n<!-- edit % -->\n' },
  { path: /(^|\/)(build\.gradle(\.kts)?)$/, append: slashes },
  { path: /(^|\/)(Makefile|CMakeLists\.txt)$/, append: hash },
]

const elsewhere =
  /(^|\/)(node_modules|vendor|dist|build|out|target|test|tests|__tests__|spec|docs?|examples?|\.[^/]+)\//

/** The file to change for `source` or `dependency`: the likeliest name first, then the one nearest to the top. */
export function chooseEdit(paths: readonly string[], kind: 'source' | 'dependency'): ContextEdit | undefined {
  const own = paths.filter((path) => !elsewhere.test(path))
  const depth = (path: string): number => path.split('/').length
  const ordered = [...own].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
  for (const rule of kind === 'source' ? sourceRules : dependencyRules) {
    const path = ordered.find((each) => rule.path.test(each))
    if (path !== undefined) return { path, append: rule.append }
  }
  return undefined
}

/** The text of an edit, another one for every number; in JSON, which has no comments, the number is written in blanks and tabs. */
export function editText({ append }: ContextEdit, number: number): string {
  if (append !== '') return append.replace('%', String(number))
  return number.toString(2).replaceAll('0', ' ').replaceAll('1', '\t')
}
