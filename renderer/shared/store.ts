import { useRef, useSyncExternalStore } from 'react'

/** A value that is replaced as a whole, and that listeners follow. */
export interface Slot<T> {
  readonly get: () => T
  readonly set: (value: T) => void
  readonly subscribe: (listener: () => void) => () => void
}

/** A slot of fields; `change` takes those that differ. */
export interface Store<T> extends Slot<T> {
  readonly change: (fields: Partial<T>) => void
}

/** Makes a store that holds this value. */
export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return withChange({
    get: () => value,
    set: (next) => {
      value = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
}

/** One field of a store, as a slot of its own. */
export function slotOf<T extends object, K extends keyof T>(store: Store<T>, key: K): Slot<T[K]> {
  return {
    get: () => store.get()[key],
    set: (value) => store.set({ ...store.get(), [key]: value }),
    subscribe: store.subscribe,
  }
}

/** A slot that holds an object, as a store of the object's fields. */
export function withChange<T extends object>(slot: Slot<T>): Store<T> {
  return { ...slot, change: (fields) => slot.set({ ...slot.get(), ...fields }) }
}

/** A selected part of a store; the component renders again only when that part changes. */
export function useStore<T, S>({ get, subscribe }: Slot<T>, select: (value: T) => S): S {
  const selected = (): S => select(get())
  return useSyncExternalStore(subscribe, selected, selected)
}

/** Some fields of a store; the component renders again only when one of them changes. */
export function useFields<T extends object, K extends keyof T>(store: Slot<T>, ...keys: readonly K[]): Pick<T, K> {
  const last = useRef<Pick<T, K> | undefined>(undefined)
  return useStore(store, (value) => {
    const { current } = last
    if (current === undefined || keys.some((key) => !Object.is(current[key], value[key]))) last.current = value
    return last.current ?? value
  })
}
