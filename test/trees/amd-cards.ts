/** What three AMD GPUs say of themselves: an MI300X, a Radeon RX 7900 XTX, an APU. */
import { type Instinct, metrics13, metrics16to18, metrics22 } from './amd-metrics.ts';
import { pick } from './number.ts';
import type { PciLink } from './pci.ts';
import type { Attribute } from './tree.ts';

export interface AmdCard {
  /** PCI device id and class. */
  readonly device: string;
  readonly class: string;
  readonly node?: number;
  readonly link: PciLink;
  /** Files of one value in the PCI device's directory. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Those of several lines, or binary. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly ras?: Readonly<Record<string, Attribute>>;
  readonly hwmon: Readonly<Record<string, Attribute>>;
  readonly runtimeStatus?: 'active' | 'suspended';
  readonly connectors?: readonly string[];
  /** Compute units, arrays of them, gfx version, compute dies. */
  readonly shape?: {
    readonly units: number;
    readonly arrays: number;
    readonly target: number;
    readonly xccs: number;
  };
}

const GIB = 1_073_741_824;

/** Levels of a clock: `0: 500Mhz`, the current one with a star. */
const levels = (clocks: readonly number[], current: number): string =>
  clocks.map((mhz, i) => `${i}: ${mhz}Mhz${i === current ? ' *' : ''}\n`).join('');

/** The same with the clock of deep sleep in front, which a chip without a current level is at. */
const orAsleep = (clock: number, clocks: readonly number[], current: number): string =>
  `S: ${clock}Mhz${current < 0 ? ' *' : ''}\n${levels(clocks, current)}`;

const rasBlock = (ue: number, ce: number, de?: number): string =>
  `ue: ${ue}\nce: ${ce}${de === undefined ? '' : `\nde: ${de}`}`;

/** What the MI300X with this index tells in gpu_metrics, whichever revision. */
export function instinct(index: number): Instinct {
  const name = `mi300x ${index}`;
  return {
    junction: 71 + index,
    memory: 58 + index,
    power: 612 + index,
    busy: [97 - index, 44 + index],
    vcn: [10, 20, 30, 40 + 4 * index],
    energy: BigInt(pick(`${name} energy`, 2 ** 40, 2 ** 44)),
    samples: 9_000_001 + index,
    residencies: [3, 4_000 + index, 500, 0, 7],
    link: [16, 320],
    xgmi: [16, 32],
    pcie: [11 + index, 0, 1],
    naks: [2, 5 + index],
    read: [
      0n,
      ...Array.from({ length: 7 }, (_, i) => BigInt(pick(`${name} read ${i}`, 1, 2 ** 45))),
    ],
    written: [
      0n,
      ...Array.from({ length: 7 }, (_, i) => BigInt(pick(`${name} written ${i}`, 1, 2 ** 45))),
    ],
    up: [0, 1, 1, 1, 1, 1, 1, 1],
    clocks: [2_103, 1_201, 1_402, 1_300],
  };
}

/** `old`: as the drivers of ROCm 5 show it. */
export function MI300X(index: number, age: 'new' | 'old' = 'new'): AmdCard {
  const it = instinct(index);
  const old = age === 'old';
  return {
    device: '0x74a1',
    class: '0x120000',
    node: index,
    link: { speed: '32.0 GT/s PCIe', width: 16, maxSpeed: '32.0 GT/s PCIe', maxWidth: 16 },
    attributes: {
      unique_id: (0xa1b2_c3d4_0000_0a10n + BigInt(index)).toString(16),
      product_name: 'AMD Instinct MI300X OAM',
      product_number: '102-G30211-00',
      serial_number: `69231700${index}`,
      vbios_version: '113-M3000100-102',
      gpu_busy_percent: it.busy[0],
      mem_busy_percent: it.busy[1],
      mem_info_vram_total: 192 * GIB,
      mem_info_vram_used: (130 + index) * GIB + 4_096,
      mem_info_vis_vram_total: 192 * GIB,
      mem_info_vis_vram_used: (130 + index) * GIB,
      mem_info_gtt_total: 64 * GIB,
      mem_info_gtt_used: 3_145_728 + index,
      mem_info_vram_vendor: 'hynix',
      pcie_replay_count: 4 + index,
      xgmi_device_id: 0x51a7_0000 + index,
      current_compute_partition: 'SPX',
      available_compute_partition: 'SPX, DPX, QPX, CPX',
      current_memory_partition: index === 0 ? 'NPS1' : 'NPS4',
    },
    files: {
      pp_dpm_sclk: old
        ? levels([500, 2_100], 1)
        : orAsleep(132, [500, 2_100], index === 0 ? 1 : -1),
      pp_dpm_mclk: levels([900, 1_200, 1_300], 2),
      pp_dpm_fclk: levels([1_200, 2_000], 1),
      pp_dpm_socclk: levels([302, 800, 1_143], 2),
      pp_dpm_pcie: '0: 16.0GT/s, x16 \n1: 32.0GT/s, x16 *\n',
      gpu_metrics: old
        ? metrics13({
            edge: 0xffff,
            junction: it.junction,
            memory: it.memory,
            hbm: [55, 56, 57, 58 + index],
            busy: [...it.busy, 25],
            power: it.power,
            energy: it.energy,
            clocks: [2_103, 1_201, 1_300, 1_402],
            rpm: 0xffff,
            link: [16, 320],
            millivolts: [0xffff, 0xffff, 0xffff],
            throttled: index === 0 ? 0n : 1n << 34n,
          })
        : metrics16to18(7, it),
    },
    ras: {
      features: 'feature mask: 0x87',
      umc_err_count: rasBlock(2, 7 + index, old ? undefined : 9),
      sdma_err_count: rasBlock(0, 1, old ? undefined : 0),
      gfx_err_count: rasBlock(0, 0, old ? undefined : 0),
      mmhub_err_count: rasBlock(1, 3, old ? undefined : 0),
      pcie_bif_err_count: rasBlock(0, 0, old ? undefined : 0),
      hdp_err_count: rasBlock(0, 0, old ? undefined : 0),
      xgmi_wafl_err_count: rasBlock(0, 5, old ? undefined : 0),
      gpu_vram_bad_pages:
        index === 0 ? '0x01234000 : 0x00001000 : R\n0x01235000 : 0x00001000 : P' : '',
    },
    hwmon: {
      in0_input: 812 + index,
      in0_label: 'vddgfx',
      power1_cap: 750_000_000,
      power1_cap_max: 750_000_000,
      power1_cap_min: 0,
      power1_cap_default: 750_000_000,
      power1_label: 'PPT',
      ...(old
        ? { power1_average: it.power * 1_000_000 }
        : { power1_input: it.power * 1_000_000 + 500_000 }),
      temp2_input: it.junction * 1000,
      temp2_label: 'junction',
      temp2_crit: 100_000,
      temp2_crit_hyst: -273_150,
      temp2_emergency: 105_000,
      temp3_input: it.memory * 1000,
      temp3_label: 'mem',
      temp3_crit: 95_000,
      temp3_emergency: 100_000,
      freq1_input: 2_103_000_000,
      freq1_label: 'sclk',
      freq2_input: 1_300_000_000,
      freq2_label: 'mclk',
    },
    shape: { units: 304, arrays: 32, target: 90_402, xccs: 8 },
  };
}

/** Without a product name, without error correction; draws on a screen. */
export const RX7900: AmdCard = {
  device: '0x744c',
  class: '0x030000',
  node: -1,
  link: { speed: '16.0 GT/s PCIe', width: 16, maxSpeed: '16.0 GT/s PCIe', maxWidth: 16 },
  attributes: {
    revision: '0xc8',
    unique_id: '3d1f0a2b4c5d6e7f',
    vbios_version: '113-D70201-XTX',
    gpu_busy_percent: 31,
    mem_busy_percent: 8,
    mem_info_vram_total: 24 * GIB,
    mem_info_vram_used: 5_368_711_168,
    mem_info_vis_vram_total: 268_435_456,
    mem_info_vis_vram_used: 73_400_320,
    mem_info_gtt_total: 16 * GIB,
    mem_info_gtt_used: 104_857_600,
    mem_info_vram_vendor: 'samsung',
    pcie_replay_count: 0,
  },
  files: {
    pp_dpm_sclk: levels([500, 1_233, 2_526], 1),
    pp_dpm_mclk: levels([96, 456, 772, 1_249], 3),
    pp_dpm_fclk: levels([1_000, 1_800], 0),
    pp_dpm_socclk: levels([500, 1_200], 1),
    pp_dpm_pcie: '0: 2.5GT/s, x1 \n1: 8.0GT/s, x8 *\n2: 16.0GT/s, x16 \n',
    gpu_metrics: metrics13({
      edge: 52,
      junction: 67,
      memory: 74,
      hbm: [],
      busy: [31, 8, 12],
      power: 141,
      energy: 77_777n,
      clocks: [1_233, 1_200, 1_249, 2_222],
      rpm: 1_103,
      link: [8, 80],
      millivolts: [912, 843, 0xffff],
      throttled: (1n << 0n) | (1n << 36n),
    }),
  },
  hwmon: {
    in0_input: 843,
    in0_label: 'vddgfx',
    fan1_enable: 0,
    fan1_input: 1_103,
    fan1_max: 3_500,
    fan1_min: 0,
    fan1_target: 1_100,
    power1_average: 141_000_000,
    power1_cap: 327_000_000,
    power1_cap_default: 327_000_000,
    power1_cap_max: 376_000_000,
    power1_cap_min: 294_000_000,
    power1_label: 'PPT',
    pwm1: 61,
    pwm1_enable: 2,
    pwm1_max: 255,
    pwm1_min: 0,
    temp1_crit: 100_000,
    temp1_crit_hyst: -273_150,
    temp1_emergency: 105_000,
    temp1_input: 52_000,
    temp1_label: 'edge',
    temp2_crit: 110_000,
    temp2_emergency: 115_000,
    temp2_input: 67_000,
    temp2_label: 'junction',
    temp3_crit: 108_000,
    temp3_emergency: 113_000,
    temp3_input: 74_000,
    temp3_label: 'mem',
    freq1_input: 1_233_000_000,
    freq1_label: 'sclk',
    freq2_input: 1_249_000_000,
    freq2_label: 'mclk',
  },
  connectors: ['DP-1', 'HDMI-A-1'],
  shape: { units: 96, arrays: 12, target: 110_000, xccs: 1 },
};

/** An APU: half a gigabyte is set aside for it, the rest of its memory is the machine's. */
export const PHOENIX: AmdCard = {
  device: '0x15bf',
  class: '0x030000',
  node: -1,
  link: { speed: '16.0 GT/s PCIe', width: 16, maxSpeed: '16.0 GT/s PCIe', maxWidth: 16 },
  attributes: {
    vbios_version: '113-PHXGENERIC-001',
    gpu_busy_percent: 64,
    mem_info_vram_total: 536_870_912,
    mem_info_vram_used: 402_653_184,
    mem_info_vis_vram_total: 536_870_912,
    mem_info_vis_vram_used: 402_653_184,
    mem_info_gtt_total: 8 * GIB,
    mem_info_gtt_used: 1_610_612_736,
  },
  files: {
    pp_dpm_sclk: levels([800, 1_934, 2_700], 1),
    pp_dpm_mclk: levels([1_000, 2_800], 1),
    pp_dpm_fclk: levels([800, 2_000], 1),
    pp_dpm_socclk: levels([400, 1_200], 0),
    gpu_metrics: metrics22({
      gfx: 58,
      busy: [64, 0],
      power: 22,
      clocks: [1_934, 401, 2_801, 2_001, 402],
      throttled: 1n << 6n,
    }),
  },
  hwmon: {
    in0_input: 1_021,
    in0_label: 'vddgfx',
    in1_input: 781,
    in1_label: 'vddnb',
    power1_input: 22_075_000,
    power1_label: 'PPT',
    temp1_input: 58_000,
    temp1_label: 'edge',
    freq1_input: 1_934_000_000,
    freq1_label: 'sclk',
  },
  connectors: ['eDP-1'],
};
