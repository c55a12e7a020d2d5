import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unwritable } from '../unwritable'
import { exclusively } from './exclusive'
import { makeOwnFolder, writeOwnFile } from './own-files'

/** What the user chose and wants to find again. */
export interface Settings {
  /** Read layers from the files in which the engine keeps them; otherwise always by export. */
  readonly readsEngineFiles: boolean
  /** The engine that was picked in the app; undefined for the first that answers. */
  readonly engineAddress?: string | undefined
  /** That engine was reached with TLS when it was picked. */
  readonly engineUsesTls?: boolean | undefined
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
  const { readsEngineFiles, engineAddress, engineUsesTls } = found ?? {}
  return {
    readsEngineFiles: typeof readsEngineFiles === 'boolean' ? readsEngineFiles : defaults.readsEngineFiles,
    engineAddress: typeof engineAddress === 'string' ? engineAddress : undefined,
    ...(engineUsesTls === true ? { engineUsesTls } : {}),
  }
}

/** Changes some of the settings. Throws path-unwritable, disk-full. */
export async function changeSettings(file: string, changes: Partial<Settings>): Promise<void> {
  await changeJson(file, async () => ({ ...(await readSettings(file)), ...changes }))
}

/** Replaces the JSON of a file by what `change` returns, which nothing else changes meanwhile. Throws path-unwritable, disk-full. */
export async function changeJson(file: string, change: () => Promise<unknown>): Promise<void> {
  try {
    await makeOwnFolder(dirname(file)) // the lock is a file in it
    await exclusively(file, async () => {
      const text = `${JSON.stringify(await change(), undefined, 2)}\n`
      await writeOwnFile(file, text, { isSynced: true })
    })
  } catch (cause) {
    throw unwritable(file, cause)
  }
}
