/** Files that are put in place whole or not at all. */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export type Change = 'new' | 'changed' | 'same';

export interface Owner {
  readonly mode: number;
  /** Group; root's where it is left out. */
  readonly gid?: number;
}

/** Writes a text where it differs. Whoever changed owner or mode of one that does not has the last word. */
export function put(path: string, text: string, owner: Owner): Change {
  const before = readIfThere(path);
  if (before === text) return 'same';
  replace(path, owner, (scratch) => writeFileSync(scratch, text, { mode: 0o600, flag: 'wx' }));
  return before === undefined ? 'new' : 'changed';
}

/** Copies a file of any size where it differs. */
export function copy(from: string, to: string, owner: Owner): Change {
  const there = statSync(to, { throwIfNoEntry: false });
  if (there !== undefined && alike(from, to)) return 'same';
  replace(to, owner, (scratch) => copyFileSync(from, scratch, constants.COPYFILE_EXCL));
  return there === undefined ? 'new' : 'changed';
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A reader sees the old file or the new one; a running program keeps the one it was started from. */
function replace(path: string, { mode, gid = 0 }: Owner, write: (scratch: string) => void): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const scratch = join(dirname(path), `.edgegauge-${process.pid}.new`);
  // Left by a run that was killed. What stands there after that was put there by somebody else, and is refused.
  rmSync(scratch, { force: true });
  try {
    write(scratch);
    chownSync(scratch, 0, gid);
    chmodSync(scratch, mode);
    const fd = openSync(scratch, 'r');
    fsyncSync(fd);
    closeSync(fd);
    renameSync(scratch, path);
  } finally {
    rmSync(scratch, { force: true });
  }
}

const PIECE = 1024 * 1024;

/** Whether two files have the same bytes. */
function alike(a: string, b: string): boolean {
  const [one, other] = [statSync(a), statSync(b)];
  if (one.ino === other.ino && one.dev === other.dev) return true;
  if (one.size !== other.size) return false;
  const [left, right] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)];
  const fds = [openSync(a, 'r'), openSync(b, 'r')] as const;
  try {
    for (;;) {
      const n = readSync(fds[0], left);
      if (n !== readSync(fds[1], right)) return false;
      if (n === 0) return true;
      if (!left.subarray(0, n).equals(right.subarray(0, n))) return false;
    }
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
