const { mkdirSync, writeFileSync } = require('node:fs')

mkdirSync('build/about', { recursive: true })
writeFileSync('build/index.html', '<h1>home</h1>\n')
writeFileSync('build/about/index.html', '<h1>about</h1>\n')
