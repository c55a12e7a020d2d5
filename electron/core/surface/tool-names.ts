/** Programs that help whoever gets into a container, by what they are for. */
export const toolCategories = [
  'shells',
  'packageManagers',
  'compilers',
  'interpreters',
  'networkTools',
  'debuggers',
] as const
export type ToolCategory = (typeof toolCategories)[number]

const words = (text: string): readonly string[] => text.split(' ')

/** Names without a version and without the triple of a cross compiler. */
const names: Readonly<Record<ToolCategory, readonly string[]>> = {
  shells: words('sh ash bash csh dash fish ksh mksh nu rbash tcsh zsh busybox toybox pwsh'),
  packageManagers: words(
    'apk apt apt-get aptitude bundle bundler cargo composer conda corepack dnf dpkg gem mamba microdnf npm npx opkg pacman pip pipx pnpm poetry rpm snap uv yarn yarnpkg yum zypper',
  ),
  compilers: words(
    'as c++ c89 c89-gcc c99 c99-gcc cc cc1 cc1plus clang clang++ cpp dotnet-sdk g++ gcc gfortran go gofmt javac ld ld.bfd ld.gold ld.lld llvm-as make cmake ninja rustc rustup swiftc tcc tsc zig',
  ),
  interpreters: words(
    'awk bun deno gawk guile java lua luajit mawk node nodejs perl php pypy python Rscript ruby tclsh wish',
  ),
  networkTools: words(
    'arp arping curl dig ftp host http https ip lftp links lynx mtr nc ncat netcat netstat nmap nslookup openssl ping ping6 rsync scp sftp socat ss ssh sshd tcpdump telnet tftp traceroute tshark wget',
  ),
  debuggers: words('bpftrace dlv gdb gdbserver lldb ltrace perf pstack strace valgrind'),
}

const categoryByName = new Map(
  toolCategories.flatMap((category) => names[category].map((name) => [name, category] as const)),
)

/** What a program is by its name; versions (`python3.11`) and triples (`x86_64-linux-gnu-gcc-12`) do not count. */
export function toolCategory(name: string): ToolCategory | undefined {
  const exact = categoryByName.get(name)
  if (exact) return exact
  const bare = name.replace(/^[a-z0-9_]+-(?:[a-z]+-)?linux-(?:gnu|musl)[a-z0-9]*-/, '').replace(/-?[\d.]+$/, '')
  return categoryByName.get(bare)
}
