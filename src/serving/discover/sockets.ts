/** Who listens where: /proc/PID/net/tcp and tcp6 of the process's own network namespace. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  readonly port: number;
  /** As a URL has it: `127.0.0.1`, `[::1]`. */
  readonly host: string;
  /** Reached through the loopback address: it listens there, or on every address. */
  readonly loopback: boolean;
  /** It listens on every address of its network namespace. */
  readonly everywhere: boolean;
  readonly inode: string;
  /** The user who made the socket, as this process sees users. */
  readonly uid: string;
}

const LISTEN = '0A';

/** Listening TCP sockets of the network namespace that `process` (a pid, or `self`) is in; none where it is not readable. */
export function readListeners(procfs: string, process: number | 'self'): Listener[] {
  return [...read(procfs, process, 'tcp'), ...read(procfs, process, 'tcp6')];
}

function* read(procfs: string, process: number | 'self', table: string): Iterable<Listener> {
  let text: string;
  try {
    text = readFileSync(`${procfs}/${process}/net/${table}`, 'utf8');
  } catch {
    return;
  }
  for (const line of text.split('\n').slice(1)) {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTEN) continue;
    const everywhere = address === ANY4 || address === ANY6;
    yield { port: Number.parseInt(port, 16), ...hostOf(address), everywhere, inode, uid };
  }
}

const ANY4 = '00000000';
const ANY6 = '0'.repeat(32);
const LOOPBACK6 = `${'0'.repeat(24)}01000000`;
const MAPPED = `${'0'.repeat(16)}FFFF0000`;

/** The address of a line: words of four bytes, each in the machine's byte order, which is little-endian here. */
function hostOf(hex: string): Pick<Listener, 'host' | 'loopback'> {
  if (hex === ANY4 || hex === ANY6) return { host: '127.0.0.1', loopback: true };
  if (hex === LOOPBACK6) return { host: '[::1]', loopback: true };
  if (hex.length === 8) return dotted(hex);
  if (hex.startsWith(MAPPED)) return dotted(hex.slice(24));
  const groups = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const bytes = reversed(word);
    return [bytes.slice(0, 4), bytes.slice(4)];
  });
  const host = `[${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}]`;
  return { host, loopback: false };
}

function dotted(word: string): Pick<Listener, 'host' | 'loopback'> {
  const bytes = (reversed(word).match(/../g) ?? []).map((b) => Number.parseInt(b, 16));
  return { host: bytes.join('.'), loopback: bytes[0] === 127 };
}

const reversed = (word: string): string => (word.match(/../g) ?? []).reverse().join('');

/** An address of the process's network namespace that is not its loopback address (/proc/PID/net/fib_trie). */
export function readAddress(procfs: string, pid: number): string | undefined {
  let text: string;
  try {
    text = readFileSync(`${procfs}/${pid}/net/fib_trie`, 'utf8');
  } catch {
    return undefined;
  }
  const local = text.matchAll(/\|-- (\S+)\n\s*\/32 host LOCAL/g);
  return [...local].map(([, address]) => address).find((a) => a?.startsWith('127.') === false);
}

/** The users that a process is and was (/proc/PID/status, which everybody may read); undefined where it is gone. */
export function readUids(procfs: string, pid: number): Set<string> | undefined {
  try {
    const uids = /^Uid:\s+(.*)$/m.exec(readFileSync(`${procfs}/${pid}/status`, 'utf8'))?.[1];
    return uids === undefined ? undefined : new Set(uids.split(/\s+/));
  } catch {
    return undefined;
  }
}

/**
 * Inodes of the sockets that a process holds. Undefined where /proc/PID/fd is not readable: another user's
 * process, and no CAP_SYS_PTRACE.
 */
export function readSocketInodes(procfs: string, pid: number): Set<string> | undefined {
  const directory = `${procfs}/${pid}/fd`;
  try {
    const inodes = new Set<string>();
    for (const name of readdirSync(directory)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${directory}/${name}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
    return inodes;
  } catch {
    return undefined;
  }
}

/** Empty of a descriptor that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
