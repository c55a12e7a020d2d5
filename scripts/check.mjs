// npm run check: types, lint and format, walls; with --write only the format, written. Prints what fails and ends with the number of failed checks.
import { ensurePackages, node } from './bootstrap.mjs'

const checks = [
  ['types', ['node_modules/typescript/bin/tsc', '-b']],
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings']],
  [
    'walls',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'electron',
      'renderer',
    ],
  ],
]

ensurePackages()
if (process.argv.includes('--write')) process.exit(node(['node_modules/@biomejs/biome/bin/biome', 'check', '--write']))
const failed = checks.filter(([name, command]) => {
  console.error(`Checking ${name} …`)
  return node(command) !== 0
})
for (const [name] of failed) console.error(`Failed: ${name}`)
process.exitCode = failed.length
