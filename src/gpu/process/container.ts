/** Which container or service a process belongs to, by the names of its cgroups. */

/** Container ids of Docker, containerd, CRI-O and Podman; Fargate has 32 digits and a number. */
const ID = /(?:^|[-:_])([0-9a-f]{64}|[0-9a-f]{32}-\d+)(?:\.scope)?$/;
/** Processes that watch over a container and are not in it. */
const WATCHER = /^(?:libpod|crio)-conmon-/;
/** LXC and LXD name their containers. */
const LXC = /^lxc(?:\.payload)?[./]([^/]+)/;
const LXC_PARENT = 'lxc';
/** systemd writes the dashes of a pod's uid as underscores, since dashes separate its slices. */
const POD = /^(?:kubepods(?:-[a-z]+)?-)?(pod[0-9a-f]{8}[-_0-9a-f]+)(?:\.slice)?$/;
const UNIT = /\.(?:service|scope)$/;
/** What the kernel appends when a cgroup was removed before its last process. */
const REMOVED = / \(deleted\)$/;

/** The worst comes last. */
const KINDS = ['container', 'pod', 'unit'] as const;
type Kind = (typeof KINDS)[number];

/**
 * The container's id where `cgroup` (text of /proc/PID/cgroup, version 1, 2 or both) has one; otherwise the
 * pod, the LXC container or the systemd unit; `''` where it names none. Of containers in containers, the
 * innermost.
 */
export function containerOf(cgroup: string): string {
  const found: Partial<Record<Kind, string>> = {};
  for (const line of cgroup.split('\n')) {
    // hierarchy:controllers:path, and the path may have colons of its own.
    const path = line.split(':').slice(2).join(':').replace(REMOVED, '');
    for (const segment of path.split('/').reverse()) {
      const container = WATCHER.test(segment) ? undefined : ID.exec(segment)?.[1];
      if (container !== undefined) found.container ??= container;
      const pod = POD.exec(segment)?.[1];
      if (pod !== undefined) found.pod ??= pod.replaceAll('_', '-');
      if (UNIT.test(segment)) found.unit ??= segment;
    }
    const lxc = lxcOf(path);
    if (lxc !== undefined) found.pod ??= lxc;
  }
  for (const kind of KINDS) {
    const name = found[kind];
    if (name !== undefined) return name;
  }
  return '';
}

function lxcOf(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const at = segments.findIndex((segment) => segment === LXC_PARENT || LXC.test(segment));
  if (at < 0) return undefined;
  return LXC.exec(segments[at] as string)?.[1] ?? segments[at + 1];
}
