import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Which network builds of Cutaway's own engine use: one of their own, or the machine's, with the reason. */
export type EngineNetwork = { readonly kind: 'own' } | { readonly kind: 'machine'; readonly why: string }

/** The file in the run folder that holds why an engine shares the machine's network. */
export const networkReasonFile = 'shares-network'

/** The network of a running daemon, from the kernel; the reason is what the start wrote down. */
export function networkOf(daemon: number, runFolder: string): EngineNetwork {
  if (isInAnotherNetwork(daemon)) return { kind: 'own' }
  const file = join(runFolder, networkReasonFile)
  const why = existsSync(file)
    ? readFileSync(file, 'utf8').trim()
    : 'it was started by an earlier version of Cutaway (run “cutaway engine stop”, then “cutaway engine start”)'
  return { kind: 'machine', why }
}

function isInAnotherNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net')
  } catch {
    return false // it ended, or belongs to somebody else: nothing is claimed
  }
}

/** What keeps the engine from a network of its own on this machine, as half a sentence; undefined when nothing does. */
export function obstacleToOwnNetwork(
  environment: NodeJS.ProcessEnv,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const proxy = loopbackProxy(environment)
  if (proxy !== undefined) return `${proxy} is on this machine’s loopback address`
  if (!programFolders.some((folder) => exists(join(folder, 'slirp4netns')))) return 'slirp4netns is not installed'
  if (!programFolders.some((folder) => exists(join(folder, 'ip')))) return 'iproute2 is not installed'
  return undefined
}

const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The name of a variable whose proxy could not be reached from another network. */
function loopbackProxy(environment: NodeJS.ProcessEnv): string | undefined {
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .find((name) =>
      /^([a-z0-9]+:\/\/)?([^/@]*@)?(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])(:|\/|$)/i.test(environment[name] ?? ''),
    )
}

/** Whether this machine has an IPv6 default route; `text` is that of /proc/net/ipv6_route. */
export const hasIpv6Route = (text: string): boolean =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([target, prefix, ...rest]) => target === '0'.repeat(32) && prefix === '00' && rest.at(-1) !== 'lo')

/** resolv.conf inside the engine's network: the same search list, asked through the gateway. */
export function resolverFile(machines: string, hasIpv6: boolean): string {
  const lines = machines.split('\n').map((line) => line.trim())
  const servers = lines.flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
  const isOnlyIpv6 = servers.length > 0 && servers.every((server) => server.includes(':'))
  const kept = lines.filter((line) => /^(search|domain|options)\s/.test(line))
  return [`nameserver ${isOnlyIpv6 && hasIpv6 ? 'fd00::3' : '10.0.2.3'}`, ...kept, ''].join('\n')
}

/**
 * Starts a daemon in a network of its own. The only way out is slirp4netns, a network stack in user mode: it opens the connections from the
 * machine, so routes, DNS and firewall are the machine's, and it refuses the machine's loopback addresses. It ends with the last process
 * that holds the pipe which the daemon inherits as descriptor 9. Arguments: run folder, log file, options of slirp4netns, the file with the
 * script below, the daemon and its flags.
 */
export const ownNetworkScript = `
run=$1 log=$2 options=$3 inside=$4
shift 4
mkfifo -m 600 "$run/ready" || exit 1
{
  exec 9>&1 >>"$log" 2>&1
  exec unshare --net --mount --propagation slave sh "$inside" "$run" "$@"
} | {
  read -r pid || exit 1
  exec slirp4netns --configure --mtu=65520 --disable-host-loopback --enable-sandbox --enable-seccomp $options \\
    --ready-fd=3 --exit-fd=0 "$pid" tap0 3>"$run/ready" >>"$log" 2>&1
}
`

/**
 * The part inside the namespaces. /etc becomes links to the machine's, but for resolv.conf: programs that replace the machine's file would
 * take away a mount on it. Link-local addresses are refused: there, clouds give out credentials of the machine. So are the few addresses
 * outside that range which serve the same. As in a container with a bridge, any user may listen on any port.
 */
export const insideScript = `
set -e
run=$1
shift
echo $$ >&9
read -r ready <"$run/ready" || [ -n "$ready" ]
mkdir "$run/etc"
mount --rbind /etc "$run/etc"
mount -t tmpfs -o mode=755 cutaway /etc
for entry in "$run/etc"/* "$run/etc"/.[!.]*; do
  name=\${entry##*/}
  if [ "$name" = resolv.conf ]; then continue; fi
  if [ -L "$entry" ]; then cp -P "$entry" "/etc/$name"
  elif [ -e "$entry" ]; then ln -s "$entry" "/etc/$name"
  fi
done
cp "$run/resolv.conf" /etc/resolv.conf
for address in 169.254.0.0/16 100.100.100.200 168.63.129.16; do ip route add blackhole "$address"; done
if [ -e "$run/ipv6" ]; then
  for address in fd00:ec2::/32 fd20:ce::/32; do ip -6 route add blackhole "$address"; done
fi
echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
: >"$run/network-is-own"
exec "$@"
`
