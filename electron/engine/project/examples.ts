import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ExampleProject {
  readonly title: string
  readonly path: string
  /** First paragraph of its README, plain text. */
  readonly summary: string
}

/** The saved comparison among the resources; undefined where it was left out. */
export async function sampleIn(resources: string): Promise<string | undefined> {
  const path = join(resources, 'sample/calculator-go.cutaway')
  return access(path).then(
    () => path,
    () => undefined,
  )
}

/** The bundled example projects, in alphabetical order of their folders. */
export async function listExamples(folder: string): Promise<ExampleProject[]> {
  const names = (await readdir(folder)).sort()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const [heading = '', , ...body] = (await readFile(join(path, 'README.md'), 'utf8')).split('\n')
      const summary = body.slice(0, body.indexOf('')).join(' ').replaceAll('`', '')
      return { title: heading.replace(/^#\s*/, ''), path, summary }
    }),
  )
}
