/**
 * Reads sysfs attributes: one open, one read(2) into a small buffer, no retry (drivers that answer
 * EAGAIN for ever exist). Runs in the probe's process, where a read may block and may allocate.
 */
import {
  closeSync,
  type Dirent,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';

const buffer = Buffer.alloc(4096);

/** Errors that mean "this attribute has nothing to say", as drivers use them. */
const NOTHING = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENODEV',
  'ENXIO',
  'EACCES',
  'EPERM',
  'EINVAL',
  'ENODATA',
  'EOPNOTSUPP',
  'ENOTSUP',
  'EAGAIN',
  'EIO',
  'EBUSY',
  'ETIMEDOUT',
  'ENOSYS',
  'EREMOTEIO',
  'ESTALE',
  'EBADMSG',
  'ENOTCONN',
]);

const quiet = (error: unknown): boolean => NOTHING.has((error as NodeJS.ErrnoException).code ?? '');

/** What `read` answers; undefined where the file system has nothing to say. Other errors are thrown. */
function unless<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (quiet(error)) return undefined;
    throw error;
  }
}

/**
 * The attribute's first 4096 bytes as UTF-8, white space and all; what is not UTF-8 becomes U+FFFD, one
 * for each run of bytes. Undefined where it has nothing to say.
 */
export function readRaw(path: string): string | undefined {
  let fd = -1;
  try {
    fd = openSync(path, 'r');
    const n = readSync(fd, buffer, 0, buffer.length, null);
    return buffer.toString('utf8', 0, n).replace(/\uFFFD+/g, '\uFFFD');
  } catch (error) {
    if (quiet(error)) return undefined;
    throw error;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** The same without surrounding white space. */
export function readText(path: string): string | undefined {
  return readRaw(path)?.trim();
}

/** A whole file of procfs or sysfs, for what is longer than an attribute. */
export function readAll(path: string): string | undefined {
  return unless(() => readFileSync(path, 'utf8'));
}

/** The attribute as a number (decimal, or `0x…`); NaN where it is none. Exact as `Number(text)` is, for any u64. */
export function readNumber(path: string): number {
  const text = readText(path);
  return text === undefined || text === '' ? Number.NaN : Number(text);
}

/** Names in a directory, sorted as numbers within names sort (`hwmon2` before `hwmon10`); none where it is not there. */
export function list(directory: string): string[] {
  return (unless(() => readdirSync(directory)) ?? []).sort(byNumber);
}

/** Names of the files in a directory, sorted like `list`; links and directories are left out. */
export function files(directory: string): string[] {
  const entries: Dirent[] = unless(() => readdirSync(directory, { withFileTypes: true })) ?? [];
  return entries
    .filter((e) => e.isFile())
    .map((e) => e.name)
    .sort(byNumber);
}

const collator = new Intl.Collator('en', { numeric: true });
const byNumber = (a: string, b: string): number => collator.compare(a, b);

/** Inode number of a file or directory, links resolved; undefined where it is not there. */
export function inode(path: string): number | undefined {
  return unless(() => statSync(path).ino);
}

/** Where a symbolic link leads, all links resolved; undefined where it leads nowhere. */
export function resolve(path: string): string | undefined {
  return unless(() => realpathSync(path));
}

/** Last part of a link's target (`driver` → `nvme`); undefined where there is no such link. */
export function linkName(path: string): string | undefined {
  return unless(() => readlinkSync(path).split('/').at(-1));
}
