import { hwmon, nvmeTemperatures } from './hwmon.ts';
import { type Nvme, nvmePath } from './nvme.ts';
import { SPARK_CX7, SPARK_RADIO } from './spark-network.ts';
import { thermal, zonePath } from './thermal.ts';
import { type Attribute, folder, type Tree } from './tree.ts';

/** The seven zones, all of one type: only their number tells them apart. Millidegrees. */
const ZONES = [43_700, 44_900, 42_300, 47_800, 45_100, 41_200, 46_400];

/** The rails of the power controller in microwatts, in its order. */
const RAILS: readonly (readonly [label: string, microwatts: number])[] = [
  ['sys_total', 71_342_000],
  ['soc_pkg', 58_117_000],
  ['cpu_gpu', 49_803_000],
  ['cpu_p', 9_411_000],
  ['cpu_e', 1_723_000],
  ['vcore', 6_038_000],
  ['dc_input', 74_909_000],
  ['gpu', 38_614_000],
  ['prereg', 12_250_000],
  ['dla', 104_000],
  ['pl1', 57_881_000],
  ['pl2', 58_402_000],
  ['syspl1', 71_006_000],
  ['syspl2', 71_993_000],
];

/** Limits of the last four rails in watts: set, lowest, highest. */
const LIMITS: Record<string, readonly [cap: number, min: number, max: number]> = {
  pl1: [140, 18, 250],
  pl2: [142, 19, 250],
  syspl1: [231, 27, 300],
  syspl2: [244, 28, 300],
};

const ENERGIES: readonly (readonly [label: string, microjoules: bigint])[] = [
  ['pkg', 91_812_404_117_000n],
  ['cpu_e', 1_902_331_804_000n],
  ['cpu_p', 14_077_915_223_000n],
  // Beyond 2^53.
  ['gpu', 9_107_199_254_741_993n],
];

const TEMPERATURES: readonly (readonly [label: string, millidegrees: number])[] = [
  ['tj_max', 46_100],
  ['cpu_e_clu0', 44_210],
  ['cpu_p_clu0', 45_930],
  ['cpu_e_clu1', 44_350],
  ['cpu_p_clu1', 46_020],
  ['gpu', 45_480],
  ['soc', 43_990],
  ['dla', 39_770],
];

/** The attributes of the power controller's chip; the last three are of no hwmon kind. */
function spbm(): Record<string, Attribute> {
  const sensors: Record<string, Attribute> = {};
  RAILS.forEach(([label, microwatts], i) => {
    const sensor = `power${i + 1}`;
    sensors[`${sensor}_input`] = microwatts;
    sensors[`${sensor}_label`] = label;
    const limits = LIMITS[label];
    if (limits === undefined) return;
    sensors[`${sensor}_cap`] = limits[0] * 1_000_000;
    sensors[`${sensor}_min`] = limits[1] * 1_000_000;
    sensors[`${sensor}_max`] = limits[2] * 1_000_000;
  });
  ENERGIES.forEach(([label, microjoules], i) => {
    sensors[`energy${i + 1}_input`] = microjoules;
    sensors[`energy${i + 1}_label`] = label;
  });
  TEMPERATURES.forEach(([label, millidegrees], i) => {
    sensors[`temp${i + 1}_input`] = millidegrees;
    sensors[`temp${i + 1}_label`] = label;
  });
  return { ...sensors, prochot: 0, pl_level: 2, tj_max_c: 231 };
}

/** Adds thermal zones and hwmon chips of the Spark. It has no fan and no power supply to read. */
export function sparkSensors(tree: Tree, disk: Nvme, cpus: number): void {
  thermal(
    tree,
    ZONES.map((temperature) => ({ type: 'acpitz', temperature, critical: 105_000 })),
    Array.from({ length: cpus }, (_, i) => ({ type: 'Processor', current: i % 3, maximum: 3 })),
  );
  // The kernel gathers all zones of one type in a chip, which belongs to the first of them.
  const zones = Object.fromEntries(
    ZONES.flatMap((temperature, i) => [
      [`temp${i + 1}_input`, temperature],
      [`temp${i + 1}_crit`, 105_000],
    ]),
  );
  hwmon(tree, { index: 0, name: 'acpitz', device: zonePath(0), classDevice: true, sensors: zones });
  hwmon(tree, {
    index: 1,
    name: 'nvme',
    device: nvmePath(disk),
    classDevice: true,
    sensors: nvmeTemperatures(39_850, [52_850]),
  });
  SPARK_CX7.forEach((device, i) => {
    hwmon(tree, {
      index: 2 + i,
      name: 'mlx5',
      device,
      sensors: {
        temp1_crit: 105_000,
        temp1_highest: 71_000 + i * 1_000,
        temp1_input: 57_000 + i * 1_000,
        temp1_label: 'asic',
      },
    });
  });
  hwmon(tree, {
    index: 6,
    name: 'mt7925_phy0',
    device: SPARK_RADIO,
    classDevice: true,
    sensors: { temp1_input: 48_000, temp1_crit: 110_000, temp1_max: 100_000 },
  });
  const controller = 'LNXSYSTM:00/LNXSYBUS:00/NVDA8800:00';
  hwmon(tree, { index: 7, name: 'spbm', device: controller, sensors: spbm() });
  folder(tree, 'sys/class/power_supply');
}
