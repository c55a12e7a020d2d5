import { entryKind } from '../../image/layer-table'
import { nodePath } from '../../image/path-tree'
import { decodeUtf8 } from '../../utf8'
import type { BuiltFinding, BuiltImage } from './built-image'

const installer = /^(pip|setuptools|wheel|virtualenv|_?distutils.*|pkg[_-]resources)$/

/** Python packages that the image before has and the one after has not: the classic loss of a second stage. */
export function lostPythonPackages(before: Pick<BuiltImage, 'rootfs'>, after: BuiltImage): BuiltFinding[] {
  const kept = pythonPackages(after)
  const lost = [...pythonPackages(before)].filter((name) => !kept.has(name) && !installer.test(name))
  const starts = [...after.run.entrypoint, ...after.run.command].join(' ')
  if (lost.length === 0 || !/python|gunicorn|uvicorn|flask|celery/.test(starts)) return []
  const named = lost.slice(0, 5).join(', ')
  return [
    {
      rule: 'packages-lost',
      severity: 'warning',
      path: '',
      what: `This image lacks ${lost.length === 1 ? 'a Python package' : `${lost.length} Python packages`} that the *before* image has: ${named}${lost.length > 5 ? ' …' : ''}.`,
      why: `ModuleNotFoundError: No module named '${lost[0]!.replaceAll('-', '_')}', if the program imports it`,
      fix: 'Install the packages into a virtual environment and copy that to the final stage.',
    },
  ]
}

/** Names of what pip installed, by their `.dist-info` folders. */
function pythonPackages({ rootfs }: Pick<BuiltImage, 'rootfs'>): Set<string> {
  const visible = new Set(rootfs.nameId)
  const found = new Set<string>()
  rootfs.names.forEach((name, nameId) => {
    const match = /^(.+?)-[^-]+\.dist-info$/.exec(name)
    if (match && visible.has(nameId)) found.add(match[1]!.toLowerCase().replaceAll('_', '-'))
  })
  return found
}

/** Names in folders of programs that lead nowhere, in the layers of the project: an interpreter that was left behind. */
export function danglingLinks(image: BuiltImage): BuiltFinding[] {
  const { rootfs, paths, baseLayers } = image
  const found: BuiltFinding[] = []
  for (let node = 1; node < rootfs.parent.length; node++) {
    if (rootfs.kind[node] !== entryKind.symlink || rootfs.layer[node]! < baseLayers) continue
    const path = `/${nodePath(rootfs, node)}`
    if (!/\/s?bin\/[^/]+$/.test(path) || paths.resolve(path).node !== undefined) continue
    const table = rootfs.layers[rootfs.layer[node]!]!
    const target = table.linkTargets[table.link[rootfs.layerNode[node]!]!]!
    if (/^\/(dev|proc|sys|run)\//.test(target)) continue
    found.push({
      rule: 'link-dangling',
      severity: 'warning',
      path,
      what: `${path} links to ${target}, which isn’t in the image.`,
      why: `Starting it fails: ${path}: no such file or directory`,
      fix: 'COPY the link target to the same path.',
    })
  }
  return found
}

/** A user by name that the image does not know. */
export async function unknownUser({ run, read }: BuiltImage): Promise<BuiltFinding[]> {
  const [user, group] = run.user.split(':')
  const isKnown = async (name: string | undefined, file: string): Promise<boolean> => {
    if (name === undefined || name === '' || /^\d+$/.test(name)) return true
    const text = decodeUtf8((await read(file)) ?? new Uint8Array())
    return text.split('\n').some((line) => line.startsWith(`${name}:`))
  }
  const lacks = !(await isKnown(user, '/etc/passwd'))
    ? { what: 'user', name: user, file: 'passwd' }
    : !(await isKnown(group, '/etc/group'))
      ? { what: 'group', name: group, file: 'group' }
      : undefined
  if (lacks === undefined || lacks.name === 'root') return []
  return [
    {
      rule: 'user-unknown',
      severity: 'error',
      path: `/etc/${lacks.file}`,
      what: `The image runs as ${run.user}, but has no ${lacks.what} named ${lacks.name}.`,
      why: `unable to find ${lacks.what} ${lacks.name}: no matching entries in ${lacks.file} file`,
      fix: 'USER 65532:65532, or create the user in the final stage.',
    },
  ]
}
