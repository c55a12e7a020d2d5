import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EngineError } from '../../core/failure'

/** What the user chose and wants to find again. */
export interface Settings {
  /** Read layers from the files in which the engine keeps them; otherwise always by export. */
  readonly readsEngineFiles: boolean
  /** The engine that was picked in the app; undefined for the first that answers. */
  readonly engineAddress?: string | undefined
}

const defaults: Settings = { readsEngineFiles: true }

/** The settings of a file; what is missing, or not what it should be, has its default. */
export async function readSettings(file: string): Promise<Settings> {
  let found: Partial<Record<keyof Settings, unknown>> | null = null
  try {
    found = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    // absent or not JSON: the same as no choice
  }
  const { readsEngineFiles, engineAddress } = found ?? {}
  return {
    readsEngineFiles: typeof readsEngineFiles === 'boolean' ? readsEngineFiles : defaults.readsEngineFiles,
    engineAddress: typeof engineAddress === 'string' ? engineAddress : undefined,
  }
}

/** Changes some of the settings. Throws path-unwritable. */
export async function changeSettings(file: string, changes: Partial<Settings>): Promise<void> {
  await writeJson(file, { ...(await readSettings(file)), ...changes })
}

/** Written aside and renamed, so that it is there whole or not at all. Throws path-unwritable. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const aside = `${file}.${process.pid}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(aside, `${JSON.stringify(value, undefined, 2)}\n`)
    await rename(aside, file)
  } catch (cause) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw new EngineError({ code: 'path-unwritable', path: file, detail: (cause as Error).message }, { cause })
  }
}
