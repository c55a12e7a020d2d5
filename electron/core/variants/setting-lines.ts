import type { HealthcheckSettings } from '../image/image-settings'

/** A value of ENV or LABEL, quoted where it has to be; `$` stays as it is written. */
export const settingValue = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value.replace(/(["\\$])/g, '\\$1').replace(/\n/g, '\\n')}"`

/** The HEALTHCHECK instruction of an image's setting; NONE where it has none. */
export function healthcheckLine(healthcheck: HealthcheckSettings | undefined): string {
  const [kind, ...words] = healthcheck?.test ?? ['NONE']
  if (healthcheck === undefined || kind === 'NONE') return 'HEALTHCHECK NONE'
  const { interval, timeout, startPeriod, retries } = healthcheck
  const time = (name: string, nanoseconds: number): string =>
    nanoseconds > 0 ? ` --${name}=${nanoseconds / 1e9}s` : ''
  const flags = `${time('interval', interval)}${time('timeout', timeout)}${time('start-period', startPeriod)}${retries > 0 ? ` --retries=${retries}` : ''}`
  return `HEALTHCHECK${flags} CMD ${kind === 'CMD' ? JSON.stringify(words) : words[0]}`
}
