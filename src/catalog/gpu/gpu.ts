/** What the rows of all GPU signals share: labels, facts, the group that switches them. */
import { type Entry, type Row, type Signal, signal } from '../signal.ts';
import type { GpuGroup } from './groups.ts';

/**
 * What a source gives with every series of a GPU, the same object each time. The first three are
 * printed; the rest are facts that only the dcgm dialect prints or that a row selects by.
 */
export type GpuFacts = {
  /** Index, as the vendor's tool counts: `0`. Each vendor counts for itself: `uuid` tells GPUs apart. */
  readonly device: string;
  readonly uuid: string;
  /** `NVIDIA H200` */
  readonly name: string;
  /** As NVML writes it, the domain with eight digits: `00000000:0F:00.0`. */
  readonly pci_bus_id?: string;
  /** Name of the device file: `nvidia0`, `card1`. */
  readonly minor?: string;
  /** Version of the driver. */
  readonly driver?: string;
  /** The host's name, under the one of the two names that `gpu.dcgm_hostname_label` says. */
  readonly hostname?: string;
  readonly Hostname?: string;
  /**
   * `yes`: the GPU is cut into instances that give these series themselves, so its own are withheld
   * and a sum counts once. `no`: a whole GPU, and every instance. Sources write both alike.
   */
  readonly shared: 'yes' | 'no';
};

/** What a source gives with a series of a MIG instance, besides the facts of its GPU with `shared` `no`. */
export type MigFacts = {
  /** Index of the MIG device in its GPU, as nvidia-smi counts. */
  readonly mig_device: string;
  /** `1g.18gb` */
  readonly mig_profile: string;
  readonly gpu_instance_id: string;
  readonly compute_instance_id: string;
};

export const GPU = ['device', 'uuid', 'name'] as const;
/** A whole GPU has none of the last four, so they are not printed there. */
export const GPU_OR_MIG = [
  ...GPU,
  'mig_device',
  'mig_profile',
  'gpu_instance_id',
  'compute_instance_id',
] as const;

/** Label or fact → label in the dcgm dialect, in dcgm-exporter's order. */
export const DCGM_LABELS: Readonly<Record<string, string>> = {
  device: 'gpu',
  uuid: 'UUID',
  pci_bus_id: 'pci_bus_id',
  minor: 'device',
  name: 'modelName',
  mig_profile: 'GPU_I_PROFILE',
  gpu_instance_id: 'GPU_I_ID',
  hostname: 'hostname',
  Hostname: 'Hostname',
  driver: 'DCGM_FI_DRIVER_VERSION',
};

const WHOLE = { shared: 'no' } as const;

type Rest = Omit<Entry, 'name' | 'labels'> & { readonly extra?: readonly string[] };

/** An entry of the dcgm dialect; `extra` labels keep their names. */
export function dcgm(name: string, { extra = [], ...rest }: Rest = {}): Entry {
  return {
    name,
    // One object for the many that have no more.
    labels:
      extra.length === 0
        ? DCGM_LABELS
        : { ...DCGM_LABELS, ...Object.fromEntries(extra.map((l) => [l, l])) },
    ...rest,
  };
}

/** Entry of a family that MIG instances give in place of their GPU. */
export const shared = (name: string): Entry => ({ name, select: WHOLE });
export const dcgmShared = (name: string, rest: Rest = {}): Entry =>
  dcgm(name, { select: WHOLE, ...rest });

/** Scales from base units to those of DCGM. */
export const MIB = { scale: 1 / 1048576, unit: 'MiB' } as const;
export const MJ = { scale: 1000, unit: 'mJ' } as const;
export const MHZ = { scale: 1e-6, unit: 'MHz' } as const;
export const NS = { scale: 1e9, unit: 'ns' } as const;
export const PERCENT = { scale: 100, unit: 'percent' } as const;

export type GpuRow = Omit<Row, 'group' | 'node'>;

/** The setting that switches single processes; everything else hangs on its group below `gpu.metrics`. */
const PER_PROCESS = 'gpu.per_process.enabled';

/**
 * Signals of one group, all of the collector `gpu`. Their labels are those of a GPU where the row
 * names none. `part` keeps the ids of two sets of rows in one group apart.
 */
export function gpuSignals<K extends string>(
  group: GpuGroup | 'per_process',
  rows: Readonly<Record<K, GpuRow>>,
  part = '',
): Readonly<Record<K, Signal>> {
  const path = group === 'per_process' ? PER_PROCESS : `gpu.metrics.${group}`;
  const prefix = part === '' ? group : `${group}.${part}`;
  const out = {} as Record<K, Signal>;
  for (const key of Object.keys(rows) as K[]) {
    const row = { labels: GPU, ...rows[key], group: path };
    out[key] = signal('gpu', `${prefix}.${key}`, { ...row, ...withUnit(row) });
  }
  return out;
}

/** Where DCGM's unit is another one, its HELP says which. */
function withUnit({ dcgm: entry, help }: GpuRow): Pick<Row, 'dcgm'> {
  if (typeof entry !== 'object' || entry.unit === undefined) return {};
  const text = (entry.help ?? help).replace(/\.$/, ` (in ${entry.unit}).`);
  return { dcgm: { ...entry, help: text } };
}
