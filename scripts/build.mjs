// npm run build: the app, and the page of reports.
import { buildAll, ensurePackages } from './bootstrap.mjs'

ensurePackages()
buildAll()
