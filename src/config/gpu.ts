/** Settings of GPUs: those below `gpu`, and what becomes of them. */
import { GPU_GROUP_NAMES, GPU_GROUPS, type GpuGroup } from '../catalog/gpu/groups.ts';
import type { Setting, Value } from './setting.ts';

const VENDOR_CHOICES = ['auto', 'true', 'false'] as const;
const HOSTNAME_LABELS = ['hostname', 'Hostname'] as const;

/** `true`: it must be there, and is a failed source where it is not. `auto`: it is read where it is. */
export type VendorChoice = (typeof VENDOR_CHOICES)[number];
export type HostnameLabel = (typeof HOSTNAME_LABELS)[number];

export interface GpuConfig {
  readonly enabled: boolean;
  readonly nvidia: VendorChoice;
  /** Absolute path; empty: where drivers put it. */
  readonly nvidiaLibrary: string;
  /** Milliseconds. */
  readonly pollInterval: number;
  readonly dcgmHostnameLabel: HostnameLabel;
  /** Whether a group of signals is read. */
  readonly metrics: Readonly<Record<GpuGroup, boolean>>;
  readonly perProcess: {
    readonly enabled: boolean;
    readonly top: number;
    readonly user: boolean;
  };
}

type Brief = Omit<Setting, 'path' | 'flag'>;

/** The flag is the path with dashes for underscores. */
const setting = (key: string, rest: Brief): Setting => ({
  path: `gpu.${key}`,
  flag: `gpu.${key.replaceAll('_', '-')}`,
  ...rest,
});

export const GPU_SETTINGS: readonly Setting[] = [
  setting('enabled', { kind: 'boolean', default: true, help: 'Read GPUs.' }),
  setting('nvidia', {
    kind: 'choice',
    of: VENDOR_CHOICES,
    default: 'auto',
    help: 'NVIDIA GPUs: auto (where there is a driver), true (their absence is an error) or false.',
  }),
  setting('nvidia_library', {
    kind: 'text',
    default: '',
    help: 'Path of libnvidia-ml.so.1; empty: where drivers put it.',
  }),
  setting('poll_interval', {
    kind: 'duration',
    default: 1000,
    help: 'Time between two samples of GPUs while somebody scrapes; ten times that otherwise.',
  }),
  setting('dcgm_hostname_label', {
    kind: 'choice',
    of: HOSTNAME_LABELS,
    default: 'hostname',
    help: 'Label of the host name in the dcgm dialect: hostname (dcgm-exporter 4.8 and newer) or Hostname.',
  }),
  ...GPU_GROUP_NAMES.map((group) =>
    setting(`metrics.${group}`, {
      kind: 'boolean',
      default: GPU_GROUPS[group].enabled,
      help: GPU_GROUPS[group].help,
    }),
  ),
  setting('per_process.enabled', {
    kind: 'boolean',
    default: false,
    help: 'Memory and utilization of single processes.',
  }),
  setting('per_process.top', {
    kind: 'count',
    default: 32,
    help: 'Most processes per GPU with series of their own; the rest is summed.',
  }),
  setting('per_process.user', {
    kind: 'boolean',
    default: false,
    help: 'Say whose the process is, in a label.',
  }),
];

/** `get` answers for a path. */
export function gpuConfig(get: (path: string) => Value): GpuConfig {
  return {
    enabled: get('gpu.enabled') as boolean,
    nvidia: get('gpu.nvidia') as VendorChoice,
    nvidiaLibrary: get('gpu.nvidia_library') as string,
    pollInterval: get('gpu.poll_interval') as number,
    dcgmHostnameLabel: get('gpu.dcgm_hostname_label') as HostnameLabel,
    metrics: Object.fromEntries(
      GPU_GROUP_NAMES.map((group) => [group, get(`gpu.metrics.${group}`)]),
    ) as Record<GpuGroup, boolean>,
    perProcess: {
      enabled: get('gpu.per_process.enabled') as boolean,
      top: get('gpu.per_process.top') as number,
      user: get('gpu.per_process.user') as boolean,
    },
  };
}
