/** A typed array that doubles when full; `finish` gives a copy of the used part. */
export class Growable<T extends Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  values: T
  length = 0
  readonly #make: (length: number) => T

  constructor(make: (length: number) => T, capacity = 64) {
    this.#make = make
    this.values = make(capacity)
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = this.#make(this.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  /** Grows to `length`; what is new is `fill`. */
  extend(length: number, fill: number): void {
    if (length > this.values.length) {
      const larger = this.#make(Math.max(length, this.values.length * 2))
      larger.set(this.values.subarray(0, this.length))
      this.values = larger
    }
    // Fresh arrays are zero, and nothing is ever taken away again.
    if (fill !== 0) this.values.fill(fill, this.length, length)
    this.length = length
  }

  finish(): T {
    return this.values.slice(0, this.length) as T
  }
}

export const growableInt32 = (): Growable<Int32Array> => new Growable((length) => new Int32Array(length))
export const growableUint8 = (): Growable<Uint8Array> => new Growable((length) => new Uint8Array(length))
export const growableUint16 = (): Growable<Uint16Array> => new Growable((length) => new Uint16Array(length))
export const growableUint32 = (): Growable<Uint32Array> => new Growable((length) => new Uint32Array(length))
export const growableFloat64 = (): Growable<Float64Array> => new Growable((length) => new Float64Array(length))
