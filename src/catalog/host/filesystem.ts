import { type Row, signals } from '../signal.ts';

/** Mount points and types that are left out by default: those of node_exporter 1.9. */
export const FILESYSTEM_MOUNT_POINTS =
  '^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)';
export const FILESYSTEM_TYPES =
  '^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$';

const LABELS = ['device', 'device_error', 'fstype', 'mountpoint'];
const NATIVE_LABELS = ['mountpoint', 'device', 'fstype'];

const gauge = (node: string, help: string, unit = ''): Row => ({
  type: 'gauge',
  unit,
  help,
  labels: LABELS,
  node,
});

/** statfs(2) of each mount in /proc/1/mountinfo. */
export const FILESYSTEM = signals('filesystem', {
  size: gauge('node_filesystem_size_bytes', 'Size of the file system.', 'bytes'),
  free: gauge('node_filesystem_free_bytes', 'Space that nothing is stored in.', 'bytes'),
  available: gauge(
    'node_filesystem_avail_bytes',
    'Space that a user other than root may still use.',
    'bytes',
  ),
  files: gauge('node_filesystem_files', 'Files that the file system has room for.'),
  filesFree: gauge('node_filesystem_files_free', 'Files that may still be made.'),
  readonly: gauge(
    'node_filesystem_readonly',
    'Whether the mount, or the file system in it, is read-only.',
  ),
  deviceError: gauge(
    'node_filesystem_device_error',
    'Whether the file system did not say how full it is; device_error says why.',
  ),
  mountInfo: {
    type: 'gauge',
    help: 'Device number of a mount, with the value 1.',
    labels: ['device', 'major', 'minor', 'mountpoint'],
    node: 'node_filesystem_mount_info',
  },
  storageSize: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of the file system.',
    labels: NATIVE_LABELS,
    native: 'storage_size_bytes',
  },
  storageAvailable: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Space that a user other than root may still use.',
    labels: NATIVE_LABELS,
    native: 'storage_available_bytes',
  },
  storageUsed: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the space of a user other than root that is used, as df says it.',
    labels: NATIVE_LABELS,
    native: 'storage_used_percent',
  },
  storageReadonly: {
    type: 'gauge',
    help: 'Whether the mount, or the file system in it, is read-only.',
    labels: NATIVE_LABELS,
    native: 'storage_readonly',
  },
  mountsStuck: {
    type: 'gauge',
    help: 'Mounts that do not answer when asked how full they are.',
    native: 'filesystem_mounts_stuck',
  },
});
