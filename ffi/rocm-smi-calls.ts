/**
 * The functions of ROCm SMI that answer with one number of one device, as data. Their C form is always
 *
 *     rsmi_status_t f(uint32_t device, uint32_t in…, T *out)
 */
import type { CType } from './library.ts';

export interface CallRow {
  readonly symbol: string;
  /** Arguments (u32, and enums) between the device and the output. */
  readonly in: 0 | 1 | 2;
  readonly out: 'u16' | 'u32' | 'u64' | 'i64';
}

const call = (name: string, inputs: CallRow['in'], out: CallRow['out']): CallRow => ({
  symbol: `rsmi_dev_${name}_get`,
  in: inputs,
  out,
});

/** Units as the library answers them. A function of a later release is missing in the older ones. */
export const CALLS = {
  /** domain << 32 | partition << 28 (ROCm 6.1) | bus << 8 | device << 3 | function. */
  pciId: call('pci_id', 0, 'u64'),
  /** Per cent. */
  busy: call('busy_percent', 0, 'u32'),
  memoryBusy: call('memory_busy_percent', 0, 'u32'),
  /** Per cent; ROCm 6. */
  mediaBusy: call('activity_avg_mm', 0, 'u16'),
  /** in: MEMORY. Bytes. */
  memoryTotal: call('memory_total', 1, 'u64'),
  memoryUsed: call('memory_usage', 1, 'u64'),
  /** in: SENSOR, METRIC. Thousandths of a degree. */
  temperature: call('temp_metric', 2, 'i64'),
  /** in: 0 (the shaders' rail), 0 (now). Millivolts. */
  voltage: call('volt_metric', 2, 'i64'),
  /** in: 0. Microwatts; not on chips that tell their power of the moment alone. */
  averagePower: call('power_ave', 1, 'u64'),
  /** Microwatts; ROCm 6. */
  socketPower: call('current_socket_power', 0, 'u64'),
  /** in: 0. Microwatts. */
  powerCap: call('power_cap', 1, 'u64'),
  powerCapDefault: call('power_cap_default', 0, 'u64'),
  /** in: 0. Of `fanSpeedMax`. */
  fanSpeed: call('fan_speed', 1, 'i64'),
  fanSpeedMax: call('fan_speed_max', 1, 'u64'),
  /** in: 0. Turns per minute. */
  fanRpm: call('fan_rpms', 1, 'i64'),
  pcieReplays: call('pci_replay_counter', 0, 'u64'),
  /** Mask of BLOCK. */
  eccEnabled: call('ecc_enabled', 0, 'u64'),
} as const satisfies Readonly<Record<string, CallRow>>;

export type Call = keyof typeof CALLS;

/** Arguments of a call. */
export const argumentsOf = (row: CallRow): CType[] => [
  'u32',
  ...new Array<CType>(row.in).fill('u32'),
  'ptr',
];

/** rsmi_memory_type_t. */
export const MEMORY = { vram: 0, visible: 1, gtt: 2 } as const;

/** rsmi_temperature_type_t; HBM stacks are four in a row. */
export const SENSOR = { edge: 0, junction: 1, memory: 2, hbm0: 3 } as const;

/** rsmi_temperature_metric_t. */
export const METRIC = { current: 0, critical: 5, emergency: 7 } as const;

/** rsmi_clk_type_t. */
export const CLOCK = { sclk: 0, fclk: 1, socclk: 3, mclk: 4 } as const;

/** rsmi_gpu_block_t: those that every release has. */
export const BLOCK = {
  umc: 0x1,
  sdma: 0x2,
  gfx: 0x4,
  mmhub: 0x8,
  athub: 0x10,
  pcie_bif: 0x20,
  hdp: 0x40,
  xgmi_wafl: 0x80,
  df: 0x100,
  smn: 0x200,
  sem: 0x400,
  mp0: 0x800,
  mp1: 0x1000,
  fuse: 0x2000,
} as const;

/** rsmi_init_flags_t: no mutex in /dev/shm, which a process that is killed leaves locked. ROCm 6; 5 ignores it. */
export const THREAD_ONLY_MUTEX = 0x400_0000_0000_0000;
