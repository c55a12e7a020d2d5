import { useSyncExternalStore } from 'react'

/** A value that components follow; `change` takes the fields that differ. */
export interface Store<T> {
  readonly get: () => T
  readonly change: (fields: Partial<T>) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    change: (fields) => {
      value = { ...value, ...fields }
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Renders again only when the selected part changes. */
export function useStore<T extends object, S>(store: Store<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}
