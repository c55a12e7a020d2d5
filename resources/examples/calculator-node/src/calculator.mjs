// A calculator: reads "1 + 2" line by line, prints the result, ends at end of input.
import { createInterface } from 'node:readline'

const operators = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? 'error: division by zero' : left / right),
}

export function calculate(line) {
  const words = line.trim().split(/\s+/)
  if (words.length !== 3) return 'error: write it as: 1 + 2'
  const [left, symbol, right] = words
  const numbers = [Number(left), Number(right)]
  if (numbers.some(Number.isNaN)) return 'error: both sides must be numbers'
  return operators[symbol]?.(...numbers) ?? `error: unknown operator ${symbol}`
}

for await (const line of createInterface({ input: process.stdin }))
  if (line.trim()) console.log(String(calculate(line)))
