/**
 * /proc/PID/mountinfo: `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`.
 * proc_pid_mountinfo(5). Text here is one character per byte: paths need not be UTF-8.
 */

export interface Mount {
  /** Source, as the kernel writes it (a space is `\040`). */
  readonly device: string;
  readonly major: string;
  readonly minor: string;
  /** Mount point, unescaped. */
  readonly point: string;
  readonly type: string;
  /** Whether the mount, or the file system in it, takes no writes. */
  readonly readonly: boolean;
}

/**
 * The mounts of a mountinfo file, in its order. Of several on one mount point only the last is in it:
 * nobody can see the others, statfs included. Lines that are not whole are left out.
 */
export function parseMountinfo(text: string): Mount[] {
  const byPoint = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const mount = parseLine(line);
    if (mount === undefined) continue;
    byPoint.delete(mount.point);
    byPoint.set(mount.point, mount);
  }
  return [...byPoint.values()];
}

function parseLine(line: string): Mount | undefined {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [, , number = '', , point, options = ''] = fields;
  const [type, device, superOptions] = dash < 0 ? [] : fields.slice(dash + 1);
  const [major = '', minor] = number.split(':');
  if (point === undefined || type === undefined || device === undefined) return undefined;
  if (minor === undefined || superOptions === undefined) return undefined;
  // A file system that an error has made read-only shows it behind the dash alone.
  const words = [...options.split(','), ...superOptions.split(',')];
  const readonly = words.includes('ro') || words.includes('emergency_ro');
  return { device, major, minor, point: unescaped(point), type, readonly };
}

/** Undoes `\040` and its like: space, tab, newline, backslash and `#` are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/**
 * Mount points that statfs must not be asked about in the foreground: those of file systems that ask
 * somebody else, and whatever lies below one, since the way there leads through it.
 */
export function remotePoints(mounts: readonly Mount[]): ReadonlySet<string> {
  const remote = mounts.filter((m) => REMOTE.test(m.type)).map((m) => m.point);
  const below = (m: Mount): boolean =>
    remote.some(
      (point) => m.point === point || m.point.startsWith(point === '/' ? '/' : `${point}/`),
    );
  return new Set(mounts.filter(below).map((m) => m.point));
}

/** Network and cluster file systems, and those that a program answers for. */
const REMOTE =
  /^(nfs\d?|cifs|smb3|smbfs|ncpfs|9p|virtiofs|vboxsf|prl_fs|fuse|fuse\..+|fuseblk|ceph|lustre|glusterfs|gpfs|mmfs|afs|auristorfs|coda|beegfs|beegfs_nodev|pvfs2|orangefs|panfs|wekafs|quobyte|ocfs2|gfs2|autofs|davfs|sshfs)$/;

/** A label from such text; what is not UTF-8 becomes U+FFFD. */
export const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
