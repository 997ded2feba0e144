import { folder, lines, link, type Tree } from './tree.ts';

/** One line of /proc/1/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly device: string;
  /** `major:minor` */
  readonly number: string;
  /** As the kernel writes it, a space as `\040`. */
  readonly point: string;
  readonly type: string;
  readonly options?: string;
  readonly root?: string;
  /** Optional fields before the dash: none, one or several. */
  readonly optional?: string;
  /** The mount point does not exist below the root: statfs fails. */
  readonly missing?: boolean;
}

/** Adds proc/1/mountinfo and proc/1/mounts, and the mount points below the root of the machine. */
export function mounts(tree: Tree, list: readonly Mount[]): void {
  lines(
    tree,
    'proc/1/mountinfo',
    list.map((mount, i) => {
      const { number, root = '/', point, options = 'rw,relatime', optional = '' } = mount;
      const fields = [24 + i, i === 0 ? 1 : 24, number, root, point, options];
      if (optional !== '') fields.push(optional);
      const access = options.split(',')[0];
      return `${fields.join(' ')} - ${mount.type} ${mount.device} ${access}`;
    }),
  );
  lines(
    tree,
    'proc/1/mounts',
    list.map(
      ({ device, point, type, options = 'rw,relatime' }) =>
        `${device} ${point} ${type} ${options} 0 0`,
    ),
  );
  for (const point of new Set(list.filter((mount) => !mount.missing).map((mount) => mount.point))) {
    if (point !== '/') folder(tree, point.slice(1).replaceAll('\\040', ' '));
  }
}

/** The kernel's own file systems, the same on every machine, ahead of the disks. */
export function pseudoMounts(): Mount[] {
  const shared = (device: string, number: string, point: string, type: string): Mount => ({
    device,
    number,
    point,
    type,
    options: 'rw,nosuid,nodev,noexec,relatime',
    optional: `shared:${Number(number.split(':')[1]) + 2}`,
  });
  return [
    shared('sysfs', '0:21', '/sys', 'sysfs'),
    shared('proc', '0:22', '/proc', 'proc'),
    shared('udev', '0:5', '/dev', 'devtmpfs'),
    shared('devpts', '0:23', '/dev/pts', 'devpts'),
    shared('tmpfs', '0:24', '/run', 'tmpfs'),
    shared('cgroup2', '0:26', '/sys/fs/cgroup', 'cgroup2'),
    shared('tmpfs', '0:29', '/dev/shm', 'tmpfs'),
    shared('bpf', '0:31', '/sys/fs/bpf', 'bpf'),
  ];
}

/** Adds the links that lead from proc to the folder of process 1, the only process of the machine. */
export function procLinks(tree: Tree): void {
  link(tree, 'proc/self', 'proc/1');
  link(tree, 'proc/net', 'proc/self/net');
  link(tree, 'proc/mounts', 'proc/self/mounts');
  lines(tree, 'proc/1/comm', ['systemd']);
  lines(tree, 'proc/1/cgroup', ['0::/init.scope']);
}
