/** What this user may read of the processes of others: tried, not guessed. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';

export interface Rights {
  /** Of the two capabilities that attribution.conf grants, those in effect. */
  readonly capabilities: readonly string[];
  /** How many processes of other users were tried. */
  readonly tried: number;
  readonly readable: readonly string[];
  readonly unreadable: readonly string[];
  /** Whether procfs hides the processes of others: its mount option hidepid. */
  readonly hidden: boolean;
  /** Whether root asks on a machine where the service has a user of its own, who may read less. */
  readonly serviceDiffers: boolean;
}

/** capabilities(7): what the files below are guarded by, and their bits. */
const CAPABILITIES = { CAP_DAC_READ_SEARCH: 2n, CAP_SYS_PTRACE: 19n } as const;

/** Entries of /proc/PID that say who somebody is and what it holds: proc_pid(5). What each is good for. */
export const ENTRIES = {
  comm: 'names',
  cmdline: 'command lines',
  status: 'users',
  cgroup: 'containers',
  fd: 'open files: which GPU, socket or model it holds',
  maps: 'libraries it has loaded',
  environ: 'environments: jobs, ranks, the GPUs it may see',
  exe: 'program files',
  io: 'bytes read and written',
} as const;
export type Entry = keyof typeof ENTRIES;

/** `procfs`: where it is mounted; `uid`: who asks. */
export function readRights(procfs: string, uid: number, passwd = '/etc/passwd'): Rights {
  const others = someOthers(procfs, uid);
  const entries = Object.keys(ENTRIES) as Entry[];
  const readable = entries.filter((entry) => others.some((pid) => canRead(procfs, pid, entry)));
  return {
    capabilities: capabilities(textOf(join(procfs, 'self', 'status'))),
    tried: others.length,
    readable,
    unreadable: others.length === 0 ? [] : entries.filter((entry) => !readable.includes(entry)),
    hidden: textOf(join(procfs, '1', 'status')) === '',
    serviceDiffers: uid === 0 && /^edgegauge:/m.test(textOf(passwd)),
  };
}

/** Lines for the reader of `doctor`. */
export function explainRights(rights: Rights): string[] {
  const { capabilities: held, tried, readable, unreadable, hidden, serviceDiffers } = rights;
  const lines = [`capabilities: ${held.length === 0 ? 'none that matter' : held.join(', ')}`];
  if (serviceDiffers) {
    lines.push('the service is not root: sudo -u edgegauge edgegauge doctor says what it may do');
  }
  if (hidden) lines.push('the processes of other users are hidden (/proc is mounted with hidepid)');
  if (tried === 0) {
    if (!hidden) lines.push('no process of another user is there to try');
    return lines;
  }
  const named = (names: readonly string[]): string =>
    names.map((name) => `${ENTRIES[name as Entry]} (${name})`).join('; ');
  lines.push(`of other users' processes it reads: ${named(readable) || 'nothing'}`);
  if (unreadable.length === 0) return lines;
  lines.push(
    `it cannot read: ${named(unreadable)}`,
    '  CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH let it: edgegauge install --attribution, or with the package /usr/share/edgegauge/attribution.conf',
  );
  return lines;
}

function capabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((effective >> bit) & 1n) === 1n)
    .map(([name]) => name);
}

/** One process may be guarded more closely than others: some container managers keep even root from the first. */
const TRIED = 16;

/** Programs of other users: threads of the kernel have nothing to hide. */
function someOthers(procfs: string, uid: number): number[] {
  const pids = readdirSync(procfs).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids.map(Number).sort((a, b) => a - b)) {
    if (found.length === TRIED) break;
    const owner = /^Uid:\t(\d+)/m.exec(textOf(join(procfs, String(pid), 'status')))?.[1];
    if (owner === undefined || Number(owner) === uid) continue;
    if (canRead(procfs, pid, 'cmdline')) found.push(pid);
  }
  return found;
}

/** What cannot be read is empty. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether there is something to read and it can be; of a command line, that it is not empty. */
function canRead(procfs: string, pid: number, entry: Entry): boolean {
  const path = join(procfs, String(pid), entry);
  try {
    if (entry === 'fd') return readdirSync(path).length >= 0;
    if (entry === 'exe') return readlinkSync(path) !== '';
    const fd = openSync(path, 'r');
    try {
      // Some are guarded when they are opened, some when they are read.
      const n = readSync(fd, Buffer.alloc(1));
      return entry !== 'cmdline' || n > 0;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
