import type { SurfaceItem } from './item'
import { type Surface, type SurfaceCategory, surfaceCategories } from './surface'

/** One category of both images. Counts are exact, lists are shortened. */
export interface SurfaceLine {
  readonly category: SurfaceCategory
  readonly before: number
  readonly after: number
  /** Of those how many are in both. */
  readonly both: number
  /** Only the image before has them; both have them; only the one after has them. */
  readonly gone: readonly SurfaceItem[]
  readonly stays: readonly SurfaceItem[]
  readonly added: readonly SurfaceItem[]
}

/** More of one kind is no reading matter; the whole list of one image is what `cutaway surface` prints. */
export const longestSurfaceList = 200

/** Joins by name, which is a path for most: a program that moved is gone and added. */
export function compareSurfaces(before: Surface, after: Surface): SurfaceLine[] {
  return surfaceCategories.map((category) => {
    const [ofBefore, ofAfter] = [before[category], after[category]]
    const inBefore = new Set(ofBefore.map(({ name }) => name))
    const inAfter = new Set(ofAfter.map(({ name }) => name))
    return {
      category,
      before: ofBefore.length,
      after: ofAfter.length,
      both: ofAfter.filter(({ name }) => inBefore.has(name)).length,
      gone: ofBefore.filter(({ name }) => !inAfter.has(name)).slice(0, longestSurfaceList),
      stays: ofAfter.filter(({ name }) => inBefore.has(name)).slice(0, longestSurfaceList),
      added: ofAfter.filter(({ name }) => !inBefore.has(name)).slice(0, longestSurfaceList),
    }
  })
}
