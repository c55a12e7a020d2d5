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
