import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { EngineError } from '../../core/failure'
import { countVulnerabilities, scanners, type VulnerabilityCounts } from '../../core/packages/vulnerabilities'

/** What a scanner that is installed says of an image. */
export interface ScanResult extends VulnerabilityCounts {
  readonly scanner: string
}

const longestOutputBytes = 256 << 20

/** The first scanner of the PATH; undefined when none is installed. */
export async function findScanner(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const names = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  for (const scanner of Object.keys(scanners))
    for (const folder of folders)
      for (const suffix of names) {
        const isThere = access(join(folder, scanner + suffix), constants.X_OK).then(
          () => true,
          () => false,
        )
        if (await isThere) return scanner
      }
  return undefined
}

/** Lets the scanner read an SBOM; it may fetch its own data from the network. Throws scan-failed, cancelled. */
export async function scanSbom(scanner: string, sbom: string, signal: AbortSignal): Promise<ScanResult> {
  const { args, read } = scanners[scanner]!
  const folder = await mkdtemp(join(tmpdir(), 'cutaway-sbom-'))
  try {
    const file = join(folder, 'sbom.cdx.json')
    await writeFile(file, sbom, { mode: 0o600 })
    const { stdout } = await promisify(execFile)(scanner, args(file), {
      signal,
      // Scanners read their settings from the current folder, which may be a project of someone else.
      cwd: folder,
      maxBuffer: longestOutputBytes,
      encoding: 'buffer',
    })
    // Without this check, output that can't be read would look like an image without vulnerabilities.
    if (!isJsonObject(stdout)) throw new Error('its output isn’t JSON')
    return { scanner, ...countVulnerabilities(read(stdout)) }
  } catch (cause) {
    if (signal.aborted) throw new EngineError({ code: 'cancelled' }, { cause })
    const { stderr, message } = cause as Error & { readonly stderr?: Buffer }
    const said = String(stderr ?? '')
      .trim()
      .split('\n')
      .at(-1)
    throw new EngineError({ code: 'scan-failed', scanner, detail: said || message }, { cause })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isJsonObject(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
