import { z } from 'zod'
import type { ImageSettings } from '../../core/image/image-settings'

// What the engine answers, as far as it is read (https://docs.docker.com/reference/api/engine/).

/** Absent and null are the same. A wrong type in such a field counts as absent. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().catch(undefined)
const text = z.string()
const labels = optional(z.record(text, text))

export const versionReply = z.object({
  Version: text,
  Components: optional(z.array(z.object({ Name: text }))),
})

export const infoReply = z.object({
  DockerRootDir: optional(text),
  Driver: text,
  DriverStatus: optional(z.array(z.array(text))),
  OSType: optional(text),
  Architecture: optional(text),
})

export const listReply = z.array(
  z.object({
    Id: text,
    RepoTags: optional(z.array(text)),
    Labels: labels,
    /** Engines with a containerd store say what an image takes, compressed and unpacked. */
    Manifests: optional(z.array(z.object({ Size: optional(z.object({ Total: z.number() })) }))),
  }),
)

export const imageReply = z.object({
  Id: text,
  RepoTags: optional(z.array(text)),
  Size: z.number(),
  RootFS: z.object({ Layers: optional(z.array(text)) }),
  Architecture: optional(text),
  // Its other fields are read by readImageSettings, which expects anything.
  Config: optional(z.looseObject({ Labels: labels })),
})

export const historyReply = z.array(z.object({ CreatedBy: text, Size: z.number() }))

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
  /** As image configs name it; '' where the engine does not say. */
  readonly architecture: string
  readonly settings: ImageSettings
}

export interface ListedImage {
  readonly imageId: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** On disk, blobs and unpacked layers; undefined where the engine does not tell them apart. */
  readonly totalBytes: number | undefined
}
