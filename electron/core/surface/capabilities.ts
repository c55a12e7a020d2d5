import { encodeUtf8 } from '../utf8'

/** In the order of their bits (https://man7.org/linux/man-pages/man7/capabilities.7.html). */
const names = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast ' +
  'net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice ' +
  'sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm ' +
  'block_suspend audit_read perfmon bpf checkpoint_restore'
).split(' ')

/** The attribute `security.capability` of a file, as getcap names what it permits; undefined for what permits nothing. */
export function readCapabilities(attribute: string): string | undefined {
  const bytes = encodeUtf8(attribute)
  if (bytes.length < 12) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const halves = bytes.length >= 20 ? [view.getUint32(4, true), view.getUint32(12, true)] : [view.getUint32(4, true)]
  const permitted = names.filter((_, bit) => ((halves[bit >> 5] ?? 0) >>> (bit & 31)) & 1)
  return permitted.length === 0 ? undefined : permitted.map((name) => `cap_${name}`).join(',')
}
