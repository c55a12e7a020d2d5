import { isSameSecret, newSecret } from './secrets'

/** A code that a page can trade for the token once. */
export interface LaunchCode {
  readonly code: string
  /** Resolves when the code was used, has expired, or the host has ended. */
  readonly spent: Promise<void>
}

/** The codes that have been issued and not used yet. */
export class LaunchCodes {
  readonly #spend = new Map<string, () => void>()

  issue(lifetimeMs: number): LaunchCode {
    const code = newSecret()
    const spent = new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#spend.get(code)?.(), lifetimeMs)
      this.#spend.set(code, () => {
        clearTimeout(timer)
        this.#spend.delete(code)
        resolve()
      })
    })
    return { code, spent }
  }

  /** Whether the code was valid; it isn't afterwards. */
  redeem(given: string): boolean {
    for (const [code, spend] of this.#spend) {
      if (!isSameSecret(given, code)) continue
      spend()
      return true
    }
    return false
  }

  clear(): void {
    for (const spend of [...this.#spend.values()]) spend()
  }
}
