/** Questions of one kind, of which only the answer to the newest one counts. */
export interface Latest {
  /** Resolves to undefined where another question was asked before the answer came. */
  ask<T>(answer: Promise<T>): Promise<T | undefined>
  /** Whatever was asked until now is not wanted any more. */
  forget(): void
}

/** Makes a list of questions that is empty. */
export function createLatest(): Latest {
  let newest = 0
  return {
    ask: async (answer) => {
      const number = ++newest
      const value = await answer
      return number === newest ? value : undefined
    },
    forget: () => {
      newest++
    },
  }
}

/** Makes a function that does one thing at a time; it ignores what is asked for while it is busy. */
export function createOneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let isBusy = false
  return async (work) => {
    if (isBusy) return
    isBusy = true
    try {
      await work()
    } finally {
      isBusy = false
    }
  }
}
