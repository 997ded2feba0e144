/** The switches below `gpu.metrics`. What is on by default is at most 100 series per GPU. */

export interface GpuGroupSpec {
  readonly enabled: boolean;
  readonly help: string;
}

const on = (help: string): GpuGroupSpec => ({ enabled: true, help });
const off = (help: string): GpuGroupSpec => ({ enabled: false, help });

const SPECS = {
  utilization: on('How busy GPUs and their memory are, with peaks.'),
  encoder_decoder: on('Utilization of video encoders and decoders.'),
  encoder_sessions: off('Encoder sessions, their frame rate and latency.'),
  memory: on('Memory of GPUs: total, used, free, reserved.'),
  memory_detail: off('BAR1, protected, visible and GTT memory.'),
  temperature: on('Temperatures, and how far they are from throttling.'),
  temperature_threshold: off('Temperatures at which GPUs slow down and shut down.'),
  fan: on('Speed of fans.'),
  power: on('Power, its limits, energy.'),
  power_detail: off('Range of power limits, power of the module, voltages.'),
  clock: on('Current clocks, performance state.'),
  clock_limit: off('Highest, lowest and application clocks.'),
  clock_events: on('Why clocks are held down, and for how long they were.'),
  xid: on('XID errors.'),
  ecc: on('Memory errors, retired pages, remapped rows.'),
  ecc_detail: off('Memory errors by part of the chip, banks by spare rows.'),
  pcie: on('PCIe links, replays.'),
  pcie_throughput: on('Bytes over PCIe.'),
  pcie_errors: off('PCIe errors by kind.'),
  nvlink: on('NVLink, C2C and fabric: links, bytes and errors per GPU.'),
  nvlink_links: off('State, bytes and errors of every NVLink and C2C link.'),
  nvlink_fec: off('Forward error correction of every NVLink.'),
  xgmi: on('XGMI links of AMD GPUs.'),
  gpm: on('Activity of SMs, tensor cores and memory (Hopper and newer).'),
  gpm_detail: off('Activity of each kind of pipe and video engine.'),
  mig: on('MIG instances and partitions.'),
  processes: on('Processes per GPU and their memory, summed.'),
  health: on('Recovery action, pending resets, GB10 short of power.'),
} as const satisfies Readonly<Record<string, GpuGroupSpec>>;

export type GpuGroup = keyof typeof SPECS;

export const GPU_GROUPS: Readonly<Record<GpuGroup, GpuGroupSpec>> = SPECS;
export const GPU_GROUP_NAMES = Object.keys(SPECS) as readonly GpuGroup[];
