import type { RootfsPaths } from '../image/rootfs-paths'
import type { SurfaceItem } from './item'

/** Users of `/etc/passwd` whose shell is in the image and lets them in. */
export function readLogins(passwd: string, paths: RootfsPaths): SurfaceItem[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, , , , shell] = line.split(':')
    if (name === undefined || uid === undefined || shell === undefined) return []
    // An empty field stands for /bin/sh (https://man7.org/linux/man-pages/man5/passwd.5.html).
    const program = shell.trim() || '/bin/sh'
    const isClosed = /\/(nologin|false|sync|halt|shutdown)$/.test(program) || paths.resolve(program).node === undefined
    return isClosed ? [] : [{ name, detail: `uid ${uid}, ${program}` }]
  })
}
