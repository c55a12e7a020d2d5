/** For a job; unlike crypto.randomUUID also where a report is read over plain HTTP. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, '0')).join('-')
