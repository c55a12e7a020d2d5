import { EngineError } from '../core/failure'

const mostKept = 4

/** What long work left to be asked about, under the id of its job; the oldest go first. */
export class Sessions<T extends object> {
  readonly #what: string
  readonly #onDrop: (session: T) => void
  readonly #kept = new Map<string, T>()

  /** `onDrop` is told of each session that is no longer kept. */
  constructor(what: string, onDrop: (session: T) => void = () => undefined) {
    this.#what = what
    this.#onDrop = onDrop
  }

  keep(id: string, session: T): T {
    this.#kept.set(id, session)
    const [oldest] = this.#kept
    if (oldest && this.#kept.size > mostKept) {
      this.#kept.delete(oldest[0])
      this.#onDrop(oldest[1])
    }
    return session
  }

  all(): T[] {
    return [...this.#kept.values()]
  }

  /** Throws bad-input for one that is not kept. */
  find(id: string): T {
    const found = this.#kept.get(id)
    if (found === undefined) throw new EngineError({ code: 'bad-input', problem: `there is no such ${this.#what}` })
    return found
  }
}
