import type { RunConfig } from '../../image/image-config'
import type { Rootfs } from '../../image/rootfs'
import type { RootfsPaths } from '../../image/rootfs-paths'
import type { RuleId } from '../rules'

/** An image that is there, with its files to look into. */
export interface BuiltImage {
  readonly run: RunConfig
  readonly architecture: string
  readonly rootfs: Rootfs
  readonly paths: RootfsPaths
  /** How many of the lowest layers are those of its base; 0 where that is not known. */
  readonly baseLayers: number
  /** The content of a file, links followed; undefined where it cannot be read or is too large to look into. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>
}

/** A problem that keeps a built image from running, found in its files. */
export interface BuiltFinding {
  readonly rule: RuleId
  readonly severity: 'error' | 'warning'
  /** The file it is about; '' for the image as a whole. */
  readonly path: string
  /** The problem, in one sentence. */
  readonly what: string
  /** The consequence: what happens when it is run. */
  readonly why: string
  readonly fix: string
}
