// What the engine answers, as far as it is read (https://docs.docker.com/reference/api/engine/).

export interface VersionReply {
  readonly Version: string
  readonly Components?: readonly { readonly Name: string }[]
}

export interface InfoReply {
  readonly DockerRootDir?: string
  readonly Driver: string
  readonly DriverStatus?: readonly (readonly [string, string])[] | null
  readonly OSType?: string
  readonly Architecture?: string
}

export interface ListReply {
  readonly Id: string
  readonly RepoTags?: readonly string[] | null
  readonly Labels?: Readonly<Record<string, string>> | null
  /** Engines with a containerd store say what an image takes, compressed and unpacked. */
  readonly Manifests?: readonly { readonly Size?: { readonly Total: number } }[] | null
}

export interface ImageReply {
  readonly Id: string
  readonly RepoTags?: readonly string[] | null
  readonly Size: number
  readonly RootFS: { readonly Layers?: readonly string[] }
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null }
}

export interface HistoryReply {
  readonly CreatedBy: string
  readonly Size: number
}

// What the client makes of it.

export interface EngineVersion {
  readonly name: string
  readonly version: string
  readonly isPodman: boolean
}

export interface EngineInfo {
  /** Where the engine keeps its data, on its own host; '' when it does not say. */
  readonly rootFolder: string
  readonly driver: string
  /** Layers are in containerd's content store and snapshots, not in a graphdriver's folders. */
  readonly isContainerd: boolean
  /** `linux/amd64`: what it builds and runs. */
  readonly platform: string
}

export interface ImageInspection {
  readonly imageId: string
  /** What the engine calls Size: unpacked content on graphdriver stores. */
  readonly engineBytes: number
  readonly diffIds: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
}

export interface ListedImage {
  readonly imageId: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** On disk, blobs and unpacked layers; undefined where the engine does not tell them apart. */
  readonly totalBytes: number | undefined
}
