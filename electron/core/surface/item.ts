/** One thing of the attack surface. */
export interface SurfaceItem {
  /** What it is found by: a path, a user, a port, a package. */
  readonly name: string
  /** What else is to be said of it; '' for nothing. */
  readonly detail: string
}
