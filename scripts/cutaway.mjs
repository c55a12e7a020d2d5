// npm run cutaway -- COMMAND: sets up what is missing and runs the command line.
import { become, ensureBuild, ensurePackages } from './bootstrap.mjs'

ensurePackages()
ensureBuild()
become(process.execPath, ['out/main/cli.js', ...process.argv.slice(2)])
