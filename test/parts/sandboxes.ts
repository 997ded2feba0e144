/** What this kernel and this user may do: namespaces, mounts, machines in a machine, other users. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { cc } from './compilers.ts';
import { path, succeeds, UNPACKED } from './find.ts';

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
