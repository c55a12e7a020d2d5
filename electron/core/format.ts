const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units with three significant digits, as registries and `docker images` count: 1260000000 is "1.26 GB". */
export function formatBytes(bytes: number): string {
  // Rounded first, so that 999,999 is 1.00 MB and not 1000 kB.
  const size = Number(Math.abs(bytes).toPrecision(3))
  const power = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3 + 1e-9))
  const value = size / 1000 ** power
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${bytes < 0 ? '−' : ''}${value.toFixed(digits)} ${units[power]}`
}

/** Elapsed time: "0.4 s", "48 s", "1:58 min". */
export function formatElapsed(elapsedMs: number): string {
  const seconds = elapsedMs / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`
}

/** A whole number with thousands separators: 28,089. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** "1 file", "2 files"; `plural` where adding an s is wrong. */
export function formatQuantity(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** How much smaller or larger: "667 times smaller", "12 % larger", "the same size". */
export function formatRatio(beforeBytes: number, afterBytes: number): string {
  if (beforeBytes === afterBytes) return 'the same size'
  if (beforeBytes === 0 || afterBytes === 0) return afterBytes === 0 ? 'empty' : 'not empty'
  const ratio = beforeBytes / afterBytes
  if (ratio >= 2) return `${ratio >= 10 ? formatCount(ratio) : ratio.toFixed(1)} times smaller`
  if (ratio <= 0.5) return `${(1 / ratio).toFixed(1)} times larger`
  const percent = (100 * Math.abs(beforeBytes - afterBytes)) / beforeBytes
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} % ${ratio > 1 ? 'smaller' : 'larger'}`
}

/** A part of a whole: "12.3 %"; "0 %" of nothing. */
export function formatShare(bytes: number, total: number): string {
  const percent = total === 0 ? 0 : (100 * bytes) / total
  if (percent > 0 && percent < 0.1) return 'below 0.1 %'
  return `${percent === 0 || percent === 100 ? percent : percent.toFixed(1)} %`
}
