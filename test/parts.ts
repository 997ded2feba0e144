/**
 * The real programs that tests compare with, and what becomes of a test when one is not here.
 *
 * tools/setup-debian.sh brings all of them. Where it could not (no root, not Debian), a test that
 * needs a missing one is skipped with one line that says so; with CI=true it fails, because a run
 * that silently tests less than it claims is worse than a red one.
 */
import { test } from 'bun:test';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a slash at its end. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

const { CI } = process.env;
const UNPACKED = `${ROOT}/.cache/parts`;

/** Path of node_exporter 1.9 (Debian 13's package, unpacked). */
export function nodeExporter(): string | undefined {
  return executable(`${UNPACKED}/trixie/usr/bin/prometheus-node-exporter`);
}

/** Path of the Prometheus server (Debian 12's package, unpacked). */
export function prometheus(): string | undefined {
  return executable(`${UNPACKED}/bookworm/usr/bin/prometheus`);
}

/** Path of promtool, of the same package as {@link prometheus}. */
export function promtool(): string | undefined {
  return executable(`${UNPACKED}/bookworm/usr/bin/promtool`);
}

/** What runs an arm64 program here: the emulator, and the value of QEMU_LD_PREFIX for it. */
export interface Arm64 {
  readonly qemu: string;
  readonly prefix: string;
}

export function qemuArm64(): Arm64 | undefined {
  const qemu = path('qemu-aarch64-static') ?? path('qemu-aarch64');
  const prefix = `${UNPACKED}/arm64`;
  return qemu !== undefined && existsSync(`${prefix}/lib/ld-linux-aarch64.so.1`)
    ? { qemu, prefix }
    : undefined;
}

/** Path of a C compiler that finds the C library's headers. */
export function cc(): string | undefined {
  return existsSync('/usr/include/stdio.h') ? path('cc') : undefined;
}

/** What builds a program for arm64 here and runs it. It has to be linked statically. */
export interface Arm64Cc {
  readonly cc: string;
  readonly qemu: string;
}

export function arm64Cc(): Arm64Cc | undefined {
  const compiler = path('aarch64-linux-gnu-gcc');
  const qemu = path('qemu-aarch64-static') ?? path('qemu-aarch64');
  const header = existsSync('/usr/aarch64-linux-gnu/include/stdio.h');
  return compiler !== undefined && qemu !== undefined && header
    ? { cc: compiler, qemu }
    : undefined;
}

/** Directory of the real nvml.h (12.4, of Debian 13). */
export function nvmlHeader(): string | undefined {
  const include = `${UNPACKED}/trixie/usr/include`;
  return existsSync(`${include}/nvml.h`) ? include : undefined;
}

/** Path of the real libnvidia-ml.so.1 (driver 550, of Debian 13), for this machine. */
export function nvmlLibrary(): string | undefined {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const file = `${UNPACKED}/trixie/usr/lib/${architecture}-linux-gnu/nvidia/current/libnvidia-ml.so.1`;
  return existsSync(file) ? file : undefined;
}

/** Path of the real librocm_smi64 of ROCm 5 (5.2.3, of Debian 12), which runs where this test does. */
export function rocmSmi5(): string | undefined {
  const file = `${UNPACKED}/bookworm/usr/lib/librocm_smi64.so.1`;
  return process.arch === 'x64' && existsSync(file) ? file : undefined;
}

/** Root of a tree with that of another release and the C and C++ libraries that it needs. */
const rocmTree = (dir: string) => (): string | undefined => {
  const root = `${UNPACKED}/${dir}`;
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  const needed = ['librocm_smi64.so.1', 'libc.so.6', 'libstdc++.so.6', 'libgcc_s.so.1'];
  const complete = needed.every((name) => existsSync(`${libraries}/${name}`));
  return process.arch === 'x64' && complete ? root : undefined;
};

/** Directory of rocm_smi/rocm_smi.h of ROCm 5.2.3 (Debian 12), 6.1.2 (13) and 6.4.1 (unstable). */
const rocmHeader = (dir: string) => (): string | undefined => {
  const include = `${UNPACKED}/${dir}/usr/include`;
  return existsSync(`${include}/rocm_smi/rocm_smi.h`) ? include : undefined;
};

/** Path of the FUSE device, when a C program can be built against libfuse3 and mount with it. */
export function fuse(): string | undefined {
  const device = '/dev/fuse';
  return cc() !== undefined && succeeds('pkg-config', '--exists', 'fuse3') && mayMount(device)
    ? device
    : undefined;
}

/** Path of bubblewrap, when this kernel lets it make namespaces. */
export function bwrap(): string | undefined {
  return succeeds('bwrap', '--ro-bind', '/', '/', 'true') ? path('bwrap') : undefined;
}

/** What starts a real llama-server (Debian's unstable suite, unpacked) on an older machine. */
export interface LlamaParts {
  /** The suite's own loader, and where its libraries are. */
  readonly loader: string;
  readonly libraries: readonly string[];
  /** Library that computes, made for every x86-64 or ARM. */
  readonly backend: string;
  readonly program: string;
}

export function llama(): LlamaParts | undefined {
  const root = `${UNPACKED}/sid/usr`;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const library = `${root}/lib/${triplet}`;
  const cpu = process.arch === 'arm64' ? 'armv8.0_1' : 'x64';
  const parts = {
    loader:
      process.arch === 'arm64'
        ? `${root}/lib/${triplet}/ld-linux-aarch64.so.1`
        : `${root}/lib64/ld-linux-x86-64.so.2`,
    libraries: [library, `${library}/llama`],
    backend: `${library}/ggml/backends0/libggml-cpu-${cpu}.so`,
    program: `${root}/bin/llama-server`,
  };
  return [parts.loader, parts.backend, parts.program].every((file) => existsSync(file))
    ? parts
    : undefined;
}

/** A real sshd of Debian 12, unpacked, and what it needs to run. */
export interface Sshd {
  readonly sshd: string;
  readonly sftpServer: string;
  /** What all of it is below. */
  readonly root: string;
  /** Value of LD_LIBRARY_PATH. */
  readonly libraries: string;
}

/** Where it can serve root in a sandbox, and a client is here. */
export function sshd(): Sshd | undefined {
  const server = executable(`${UNPACKED}/bookworm/usr/sbin/sshd`);
  const sftpServer = executable(`${UNPACKED}/bookworm/usr/lib/openssh/sftp-server`);
  if (server === undefined || sftpServer === undefined || bwrap() === undefined) return undefined;
  if (path('ssh') === undefined || process.getuid?.() !== 0) return undefined;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const root = `${UNPACKED}/bookworm`;
  const libraries = `${root}/usr/lib/${triplet}`;
  if (!existsSync(`${libraries}/libgssapi_krb5.so.2`)) return undefined;
  return { sshd: server, sftpServer, root, libraries };
}

/** A tree of Debian 12 with systemd (tools/debian-tree.sh), where this user may mount and enter it. */
export function debianTree(): string | undefined {
  const tree = `${UNPACKED}/machine`;
  return existsSync(`${tree}/.made`) &&
    succeeds('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt')
    ? tree
    : undefined;
}

/** The same, where systemd-nspawn can start something in it. */
export function nspawn(): string | undefined {
  const tree = debianTree();
  const options = ['--quiet', '--register=no', '--keep-unit', '--private-network', '--read-only'];
  return tree !== undefined && succeeds('systemd-nspawn', ...options, '-D', tree, '/bin/true')
    ? tree
    : undefined;
}

/**
 * A command line that runs another as nobody, without capabilities or with those that attribution.conf
 * grants, as capabilities(7) names them.
 */
export function asNobody(argv: readonly string[], granted: boolean): string[] {
  const two = '+sys_ptrace,+dac_read_search';
  const caps = granted ? [`--inh-caps=${two}`, `--ambient-caps=${two}`] : [];
  const who = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  return ['setpriv', ...who, ...caps, '--', ...argv];
}

/** Whether this is root, which can make itself nobody and keep two capabilities. */
export function nobody(): true | undefined {
  const [program = '', ...args] = asNobody(['true'], true);
  return succeeds(program, ...args) || undefined;
}

/** The compiled programs for both processors. */
export function binaries(): string | undefined {
  const dist = `${ROOT}/dist`;
  return ['x64', 'arm64'].every((arch) => existsSync(`${dist}/edgegauge-linux-${arch}`))
    ? dist
    : undefined;
}

/** The same, where the program is one that the unit of the package can start. */
export function packaged(): string | undefined {
  const dist = binaries();
  if (dist === undefined || process.arch !== 'x64') return undefined;
  const unit = readFileSync(`${ROOT}/packaging/systemd/edgegauge.service`, 'utf8');
  const flags = [...(/^ExecStart=.*$/m.exec(unit)?.[0] ?? '').matchAll(/ (--[\w.-]+)=/g)];
  const help = Bun.spawnSync([`${dist}/edgegauge-linux-x64`, 'serve', '--help']).stdout.toString();
  return flags.every(([, flag]) => help.includes(`${flag} `)) ? dist : undefined;
}

const PARTS = {
  llama: { find: llama, what: 'llama.cpp-tools of sid is not unpacked' },
  nodeExporter: { find: nodeExporter, what: 'prometheus-node-exporter of trixie is not unpacked' },
  prometheus: { find: prometheus, what: 'prometheus of bookworm is not unpacked' },
  promtool: { find: promtool, what: 'promtool (prometheus of bookworm) is not unpacked' },
  qemuArm64: { find: qemuArm64, what: 'qemu-user-static or libc6:arm64 is missing' },
  cc: { find: cc, what: 'gcc or libc6-dev is missing' },
  arm64Cc: {
    find: arm64Cc,
    what: 'gcc-aarch64-linux-gnu, libc6-dev-arm64-cross or qemu-user-static is missing',
  },
  nvmlHeader: { find: nvmlHeader, what: 'libnvidia-ml-dev of trixie is not unpacked' },
  nvmlLibrary: { find: nvmlLibrary, what: 'libnvidia-ml1 of trixie is not unpacked' },
  rocmSmi5: { find: rocmSmi5, what: 'librocm-smi64-1 of bookworm is not unpacked' },
  rocmSmi6: {
    find: rocmTree('rocm6'),
    what: 'librocm-smi64-1 of trixie (6.1.2), or its libc6, libstdc++6 or libgcc-s1, is not unpacked',
  },
  rocmSmi64: {
    find: rocmTree('rocm64'),
    what: 'librocm-smi64-1 of sid (6.4.1), or its libc6, libstdc++6 or libgcc-s1, is not unpacked',
  },
  rocmHeader5: {
    find: rocmHeader('bookworm'),
    what: 'librocm-smi-dev of bookworm is not unpacked',
  },
  rocmHeader6: { find: rocmHeader('rocm6'), what: 'librocm-smi-dev of trixie is not unpacked' },
  rocmHeader64: { find: rocmHeader('rocm64'), what: 'librocm-smi-dev of sid is not unpacked' },
  fuse: { find: fuse, what: 'libfuse3-dev, fuse3 or a /dev/fuse that may be mounted is missing' },
  debianTree: { find: debianTree, what: 'no tree of Debian 12 is made, or nothing may be mounted' },
  nspawn: { find: nspawn, what: 'systemd-nspawn, or what it needs, is missing' },
  binaries: { find: binaries, what: 'dist has no binaries (make build)' },
  packaged: {
    find: packaged,
    what: 'dist has no x64 program that knows every flag of edgegauge.service (make build)',
  },
  debTools: {
    find: () => (path('dpkg-deb') === undefined ? undefined : path('lintian')),
    what: 'dpkg-deb or lintian is missing',
  },
  curl: { find: () => path('curl'), what: 'curl is missing' },
  openssl: { find: () => path('openssl'), what: 'openssl is missing' },
  gpg: { find: () => path('gpg'), what: 'gpg is missing' },
  groff: { find: () => path('groff'), what: 'groff is missing' },
  zsh: { find: () => path('zsh'), what: 'zsh is missing' },
  fish: { find: () => path('fish'), what: 'fish is missing' },
  systemdAnalyze: { find: () => path('systemd-analyze'), what: 'systemd-analyze is missing' },
  nobody: { find: nobody, what: 'this is not root, or setpriv (util-linux) is missing' },
  sshd: {
    find: sshd,
    what: 'openssh-server of bookworm or a library of it is not unpacked, ssh or bubblewrap is missing, or this is not root',
  },
  bwrap: { find: bwrap, what: 'bubblewrap is missing, or namespaces are forbidden' },
} as const;

/** Name of a part that {@link testWith} can ask for. */
export type PartName = keyof typeof PARTS;

/** What a test that asked for some parts is given. */
export type Found<N extends PartName> = {
  readonly [K in N]: NonNullable<ReturnType<(typeof PARTS)[K]['find']>>;
};

/**
 * `test(name, body)` for a test that needs real parts, which its body is given:
 * `testWith(['promtool'], 'promtool accepts the page', ({ promtool }) => …)`.
 */
export function testWith<const N extends PartName>(
  names: readonly N[],
  name: string,
  body: (found: Found<N>) => void | Promise<void>,
  timeout?: number,
): void {
  const parts = new Map(names.map((part) => [part, PARTS[part].find()]));
  const missing = names.filter((part) => parts.get(part) === undefined);
  const found = missing.length === 0 ? (Object.fromEntries(parts) as Found<N>) : undefined;
  needs(name, found, missing.map((part) => PARTS[part].what).join('; '), body, timeout);
}

/**
 * `test(name, body)` for a test that needs something else of the machine (root, a kernel feature):
 * `found` is handed to the body; when it is undefined, `reason` says what is missing.
 */
export function needs<T>(
  name: string,
  found: T | undefined,
  reason: string,
  body: (found: T) => void | Promise<void>,
  timeout?: number,
): void {
  if (found !== undefined) {
    test(name, () => body(found), timeout);
  } else if (CI === 'true') {
    test(name, () => {
      throw new Error(`missing: ${reason}`);
    });
  } else {
    console.log(`skipped: ${name}: ${reason}`);
    test.skip(name, () => {});
  }
}

/** Path of a program on PATH. */
function path(program: string): string | undefined {
  return Bun.which(program) ?? undefined;
}

function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    return undefined;
  }
}

function succeeds(program: string, ...args: readonly string[]): boolean {
  const file = path(program);
  return file !== undefined && Bun.spawnSync([file, ...args]).exitCode === 0;
}

/**
 * A container's root may open the device and still not mount: mount(2) wants CAP_SYS_ADMIN (bit 21,
 * capabilities(7)). Everybody else mounts through fusermount3, which is setuid.
 */
function mayMount(device: string): boolean {
  try {
    closeSync(openSync(device, 'r+'));
  } catch {
    return false;
  }
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const admin = (BigInt(`0x${effective?.[1] ?? '0'}`) >> 21n) & 1n;
  return admin === 1n || (process.getuid?.() !== 0 && path('fusermount3') !== undefined);
}
