// npm run mutants -- [--count N] [--seed N] [--only PATH]: changes one operator at a time in a copy of the sources and runs
// the unit tests that load the changed file. A mutant that no test notices has survived. Writes bench/mutants.md.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import ts from 'typescript'
import { ensurePackages, fail, root } from './bootstrap.mjs'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'no-table': { type: 'boolean', default: false },
  },
})

/** Where rules and state are; components and hosts are tested in a browser or with an engine. */
const subjects = ['electron/core', 'electron/app', 'renderer']
const isSubject = (path) =>
  path.endsWith('.ts') &&
  !path.endsWith('.d.ts') &&
  (!path.startsWith('renderer') || /state|layout|treemap|commands|jobs/.test(path))

const replacements = {
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AsteriskToken]: '/',
  [ts.SyntaxKind.SlashToken]: '*',
}

/** Every operator of a file that has an opposite, with what it becomes. */
function mutantsOf(path) {
  const text = readFileSync(join(root, path), 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const found = []
  const add = (start, end, replacement) => {
    const { line } = source.getLineAndCharacterOfPosition(start)
    found.push({ path, line: line + 1, start, end, original: text.slice(start, end), replacement })
  }
  const visit = (node) => {
    if (ts.isBinaryExpression(node)) {
      const { operatorToken, left, right } = node
      const replacement = replacements[operatorToken.kind]
      // "text" + x is joined, not added.
      const isText = [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side))
      if (replacement !== undefined && !isText) add(operatorToken.getStart(), operatorToken.getEnd(), replacement)
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add(node.getStart(), node.operand.getStart(), '')
    else if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent))
      add(node.getStart(), node.getEnd(), 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent))
      add(node.getStart(), node.getEnd(), 'true')
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function sourceFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? sourceFiles(path) : isSubject(path) ? [path] : []
  })
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function sample(all, count, random) {
  const rest = [...all]
  const chosen = []
  while (chosen.length < count && rest.length > 0) chosen.push(rest.splice(Math.floor(random() * rest.length), 1)[0])
  return chosen
}

/** A copy of what unit tests read; packages are linked. */
function copyOfSources() {
  const folder = mkdtempSync(join(tmpdir(), 'cutaway-mutants-'))
  for (const name of ['electron', 'renderer', 'resources', 'test', 'bench', 'scripts'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  for (const name of readdirSync(root).filter((each) => /\.(json|ts|cjs|md)$/.test(each)))
    cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const execute = promisify(execFile)

/** Whether the unit tests pass: those that load `path`, or all. An endless loop doesn't pass. */
async function passes(folder, path) {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const selection = path === undefined ? ['run'] : ['related', path, '--run']
  const args = [vitest, ...selection, '--project', 'unit', '--bail', '1', '--passWithNoTests', '--reporter', 'dot']
  return execute(process.execPath, args, { cwd: folder, timeout: 180_000, maxBuffer: 1 << 26 }).then(
    () => true,
    () => false,
  )
}

/** Whether a test that loads the file fails when the operator is changed. */
async function isKilled(folder, { path, start, end, replacement }) {
  const file = join(folder, path)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.slice(0, start) + replacement + text.slice(end))
  try {
    return !(await passes(folder, path))
  } finally {
    writeFileSync(file, text)
  }
}

function table(results, all) {
  const killed = results.filter((result) => result.isKilled).length
  const rows = results.map(
    ({ path, line, original, replacement, isKilled: dead }) =>
      `| \`${path}:${line}\` | \`${original.replaceAll('|', '\\|')}\` → \`${replacement.replaceAll('|', '\\|') || 'removed'}\` | ${dead ? 'killed' : '**survived**'} |`,
  )
  return [
    '# Mutants',
    '',
    `${new Date().toISOString().slice(0, 10)}, seed ${values.seed}: ${killed} of ${results.length} random mutants killed by unit tests, of ${all} possible ones.`,
    'Made by `npm run mutants`.',
    '',
    '| place | change | |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

ensurePackages()
const all = subjects.filter((folder) => existsSync(join(root, folder))).flatMap(sourceFiles)
const possible = all.filter((path) => values.only === undefined || path.startsWith(values.only)).flatMap(mutantsOf)
const chosen = sample(possible, Number(values.count), randomNumbers(Number(values.seed)))
const folders = [copyOfSources(), copyOfSources()]
const results = []
try {
  // Without this a red suite would kill every mutant.
  if (!(await passes(folders[0]))) fail('The unit tests fail without any mutant.')
  const waiting = [...chosen]
  await Promise.all(
    folders.map(async (folder) => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const result = { ...mutant, isKilled: await isKilled(folder, mutant) }
        results.push(result)
        console.error(
          `${results.length}/${chosen.length} ${result.isKilled ? 'killed  ' : 'SURVIVED'} ${mutant.path}:${mutant.line} ${mutant.original} → ${mutant.replacement}`,
        )
      }
    }),
  )
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
results.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
const text = table(results, possible.length)
if (!values['no-table']) writeFileSync(join(root, 'bench/mutants.md'), text)
console.log(`${results.filter((result) => result.isKilled).length} of ${results.length} killed`)
