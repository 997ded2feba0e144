/** Settings of GPUs: those below `gpu`, and what becomes of them. */
import { GPU_GROUP_NAMES, GPU_GROUPS, type GpuGroup } from '../catalog/gpu/groups.ts';
import type { Setting, Value } from './setting.ts';

const VENDOR_CHOICES = ['auto', 'true', 'false'] as const;
const AMD_BACKENDS = ['auto', 'rocm_smi', 'sysfs'] as const;
const HOSTNAME_LABELS = ['hostname', 'Hostname'] as const;

/** `true`: it must be there, and is a failed source where it is not. `auto`: it is read where it is. */
export type VendorChoice = (typeof VENDOR_CHOICES)[number];
/** `auto`: the library where it can be had, and files for what it does not tell. */
export type AmdBackend = (typeof AMD_BACKENDS)[number];
export type HostnameLabel = (typeof HOSTNAME_LABELS)[number];

export interface GpuConfig {
  readonly enabled: boolean;
  readonly nvidia: VendorChoice;
  /** Absolute path; empty: where drivers put it. */
  readonly nvidiaLibrary: string;
  readonly amd: VendorChoice;
  readonly amdBackend: AmdBackend;
  /** Absolute path; empty: where ROCm and distributions put it. */
  readonly rocmSmiLibrary: string;
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
    kind: 'library',
    default: '',
    help: 'Path of libnvidia-ml.so.1; empty: where drivers put it.',
  }),
  setting('amd', {
    kind: 'choice',
    of: VENDOR_CHOICES,
    default: 'auto',
    help: 'AMD GPUs: auto (where amdgpu drives some), true (their absence is an error) or false.',
  }),
  setting('amd_backend', {
    kind: 'choice',
    of: AMD_BACKENDS,
    default: 'auto',
    help: 'Who is asked about AMD GPUs: rocm_smi (librocm_smi64, then sysfs for what it does not tell), sysfs alone, or auto (as rocm_smi, and sysfs alone where there is no library or it fails).',
  }),
  setting('rocm_smi_library', {
    kind: 'library',
    default: '',
    help: 'Path of librocm_smi64.so; empty: where ROCm and distributions put it.',
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
    amd: get('gpu.amd') as VendorChoice,
    amdBackend: get('gpu.amd_backend') as AmdBackend,
    rocmSmiLibrary: get('gpu.rocm_smi_library') as string,
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
