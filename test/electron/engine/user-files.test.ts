import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { checkUserFile, writeUserFile } from '../../../electron/engine/store/user-files'
import { makeFolder } from '../../support/folder'

const disk = vi.hoisted(() => ({ isFull: false }))
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>()
  return {
    ...real,
    // A disk may say only at the end that it is full.
    open: async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args)
      const full = Object.assign(new Error('ENOSPC: no space left on device, fsync'), { code: 'ENOSPC' })
      if (disk.isFull) file.sync = () => Promise.reject(full)
      return file
    },
  }
})

afterEach(() => {
  disk.isFull = false
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('a file that the user named', () => {
  test('is new, with the permissions that the umask leaves', async () => {
    const folder = makeFolder({})
    const umask = process.umask(0o027)
    await writeUserFile(join(folder, 'report.html'), 'new').finally(() => process.umask(umask))
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe('new')
    expect(modeOf(join(folder, 'report.html'))).toBe('640')
    expect(readdirSync(folder)).toEqual(['report.html'])
  })

  test('is replaced as a whole and keeps its permissions; a very long name is one, too', async () => {
    const name = 'n'.repeat(255)
    const folder = makeFolder({ [name]: 'a longer text than the new one' })
    chmodSync(join(folder, name), 0o604)
    await writeUserFile(join(folder, name), Buffer.from('new'))
    expect(readFileSync(join(folder, name), 'utf8')).toBe('new')
    expect(modeOf(join(folder, name))).toBe('604')
    expect(readdirSync(folder)).toEqual([name])
  })

  test('is as it was when the disk is full, and nothing is left beside it', async () => {
    const folder = makeFolder({ old: 'old' })
    disk.isFull = true
    for (const name of ['old', 'new'])
      await expect(writeUserFile(join(folder, name), 'x'.repeat(1e6))).rejects.toMatchObject({
        failure: { code: 'disk-full', where: join(folder, name) },
      })
    expect(readdirSync(folder)).toEqual(['old'])
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('old')
  })

  test('that cannot be there is refused before the work and after it', async () => {
    const folder = makeFolder({ file: '' })
    mkdirSync(join(folder, 'folder'))
    symlinkSync('loop', join(folder, 'loop'))
    const reasons = {
      folder: 'it is a folder',
      'gone/report': 'its folder does not exist',
      'file/report': 'a part of the path is not a folder',
      loop: 'its symbolic links form a loop',
    }
    for (const [name, detail] of Object.entries(reasons)) {
      const failure = { code: 'path-unwritable', path: join(folder, name), detail }
      await expect(checkUserFile(join(folder, name)), name).rejects.toMatchObject({ failure })
      await expect(writeUserFile(join(folder, name), 'x'), name).rejects.toMatchObject({ failure })
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder', 'loop'])
  })

  test('may be a link: what it leads to is written, there or not, and the link stays', async () => {
    const folder = makeFolder({ 'there/old': 'old' })
    symlinkSync('there/old', join(folder, 'link'))
    symlinkSync('there/new', join(folder, 'dangling'))
    for (const name of ['link', 'dangling']) {
      await checkUserFile(join(folder, name))
      await writeUserFile(join(folder, name), name)
    }
    expect(readFileSync(join(folder, 'there/old'), 'utf8')).toBe('link')
    expect(readFileSync(join(folder, 'there/new'), 'utf8')).toBe('dangling')
    expect(readdirSync(folder, { withFileTypes: true }).filter((each) => each.isSymbolicLink())).toHaveLength(2)
  })
})

describe.runIf(process.platform === 'linux')('what is no file', () => {
  test('a device is written to, also through a link, and stays a device', async () => {
    const folder = makeFolder({})
    symlinkSync('/dev/full', join(folder, 'full'))
    await checkUserFile('/dev/null')
    await writeUserFile('/dev/null', 'x')
    await checkUserFile(join(folder, 'full'))
    await expect(writeUserFile(join(folder, 'full'), 'x')).rejects.toMatchObject({ failure: { code: 'disk-full' } })
    for (const path of ['/dev/null', '/dev/full']) expect(statSync(path).isCharacterDevice()).toBe(true)
  })

  test('a named pipe gets everything', async () => {
    const path = join(makeFolder({}), 'pipe')
    execFileSync('mkfifo', [path])
    const reader = spawn('cat', [path])
    const read: Buffer[] = []
    reader.stdout.on('data', (chunk: Buffer) => read.push(chunk))
    const ended = new Promise((done) => reader.on('close', done))
    await checkUserFile(path)
    await writeUserFile(path, 'x'.repeat(300_000))
    await ended
    expect(Buffer.concat(read).length).toBe(300_000)
  })
})
