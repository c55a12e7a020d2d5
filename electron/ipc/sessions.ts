import { EngineError } from '../core/failure'

const mostKept = 4

/** What long work left to be asked about, under the id of its job; the oldest go first. */
export class Sessions<T> {
  readonly #what: string
  readonly #kept = new Map<string, T>()

  constructor(what: string) {
    this.#what = what
  }

  keep(id: string, session: T): T {
    this.#kept.set(id, session)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept) this.#kept.delete(oldest!)
    return session
  }

  /** Throws bad-input for one that is not kept. */
  find(id: string): T {
    const found = this.#kept.get(id)
    if (found === undefined) throw new EngineError({ code: 'bad-input', problem: `there is no such ${this.#what}` })
    return found
  }
}
