/** A function that keeps its newest result for as long as it is asked with the same arguments. */
export function memoizeLast<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | undefined
  return (...args) => {
    const isSame = last?.args.length === args.length && last.args.every((arg, index) => Object.is(arg, args[index]))
    if (last === undefined || !isSame) last = { args, result: compute(...args) }
    return last.result
  }
}
