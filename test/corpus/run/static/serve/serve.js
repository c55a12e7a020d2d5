#!/usr/bin/env node
// As much of the package of that name as the test asks for: serve -s FOLDER -l PORT.
const { existsSync, readFileSync, statSync } = require('node:fs')
const { createServer } = require('node:http')
const { join } = require('node:path')

const [, , , folder, , port] = process.argv
createServer((request, response) => {
  const path = join(folder, request.url)
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path
  response.setHeader('content-type', 'text/html')
  response.end(readFileSync(existsSync(file) ? file : join(folder, 'index.html')))
}).listen(Number(port), '127.0.0.1')
