import { asJsonObject, textOf } from './json'

export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const
export type Severity = (typeof severities)[number]

/** Known vulnerabilities of an image's packages, as a scanner counts them. */
export interface VulnerabilityCounts {
  readonly counts: Readonly<Record<Severity, number>>
  /** The gravest first, no more than a page of them. */
  readonly worst: readonly Vulnerability[]
}

export interface Vulnerability {
  readonly id: string
  readonly severity: Severity
  /** Name and version. */
  readonly package: string
  /** '' where there is none. */
  readonly fixedIn: string
}

/** Both images as one scanner sees them; `scanner` is null, and nothing was looked up, where none is installed. */
export type ScanComparison =
  | { readonly scanner: string; readonly before: VulnerabilityCounts; readonly after: VulnerabilityCounts }
  | { readonly scanner: null }

export const noScanner =
  'Neither grype nor trivy is installed, so no vulnerabilities were looked up. Either reads the packages that Cutaway found.'

const longestList = 50

/** Programs that read an SBOM and know vulnerabilities, what they are called with, and how their JSON is read. */
export const scanners: Readonly<
  Record<
    string,
    { readonly args: (sbom: string) => readonly string[]; readonly read: (json: Uint8Array) => Vulnerability[] }
  >
> = {
  grype: { args: (sbom) => [`sbom:${sbom}`, '--output', 'json', '--quiet'], read: readGrype },
  trivy: { args: (sbom) => ['sbom', '--format', 'json', '--quiet', sbom], read: readTrivy },
}

/** Each id once for a package: scanners name it for every place where they found that. */
export function countVulnerabilities(found: readonly Vulnerability[]): VulnerabilityCounts {
  const unique = [...new Map(found.map((each) => [`${each.id} ${each.package}`, each])).values()]
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>
  for (const { severity } of unique) counts[severity]++
  const rank = ({ severity }: Vulnerability): number => severities.indexOf(severity)
  const worst = unique.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).slice(0, longestList)
  return { counts, worst }
}

const severityOf = (text: unknown): Severity =>
  severities.find((each) => each === textOf(text).toLowerCase()) ??
  (/^negligible$/i.test(textOf(text)) ? 'low' : 'unknown')

type Fields = Readonly<Record<string, unknown>>
const record = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `matches[]` of grype's JSON (https://github.com/anchore/grype). */
function readGrype(json: Uint8Array): Vulnerability[] {
  return list(asJsonObject(json).matches).map((match) => {
    const { vulnerability, artifact } = record(match)
    const { id, severity, fix } = record(vulnerability)
    const { name, version } = record(artifact)
    const fixedIn = list(record(fix).versions).map(textOf).join(', ')
    return { id: textOf(id), severity: severityOf(severity), package: `${textOf(name)} ${textOf(version)}`, fixedIn }
  })
}

/** `Results[].Vulnerabilities[]` of trivy's JSON (https://trivy.dev/latest/docs/configuration/reporting/). */
function readTrivy(json: Uint8Array): Vulnerability[] {
  return list(asJsonObject(json).Results).flatMap((result) =>
    list(record(result).Vulnerabilities).map((each) => {
      const { VulnerabilityID, Severity: severity, PkgName, InstalledVersion, FixedVersion } = record(each)
      return {
        id: textOf(VulnerabilityID),
        severity: severityOf(severity),
        package: `${textOf(PkgName)} ${textOf(InstalledVersion)}`,
        fixedIn: textOf(FixedVersion),
      }
    }),
  )
}
