/** /sys/devices/system/cpu/cpuN/cpufreq. https://docs.kernel.org/admin-guide/pm/cpufreq.html */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import { CPUFREQ } from '../catalog/host/cpufreq.ts';
import type { Signal } from '../catalog/signal.ts';
import { cpuinfo, meanMegahertz } from './cpuinfo.ts';
import { cpuNumbers, cpuRoot, cpuSet } from './cpus.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { number } from './numbers.ts';
import { files, inode, readText } from './sysfs.ts';

interface Frequency {
  readonly file: string;
  readonly signal: Signal;
  readonly slow: boolean;
}

/** What the hardware can do and what an administrator set stays for longer than a discovery. */
const FREQUENCIES: readonly Frequency[] = [
  { file: 'cpuinfo_cur_freq', signal: CPUFREQ.current, slow: false },
  { file: 'cpuinfo_min_freq', signal: CPUFREQ.minimum, slow: true },
  { file: 'cpuinfo_max_freq', signal: CPUFREQ.maximum, slow: true },
  { file: 'scaling_cur_freq', signal: CPUFREQ.scaling, slow: false },
  { file: 'scaling_min_freq', signal: CPUFREQ.scalingMinimum, slow: true },
  { file: 'scaling_max_freq', signal: CPUFREQ.scalingMaximum, slow: true },
];

/** sysfs counts kHz. */
const hertz = (text: string): number => number(text) * 1000;

export function cpufreq(paths: Paths, guard: Guard): Source {
  /** Per CPU the slots that may have its current frequency, the kernel's word first. */
  let current: number[][] = [];
  let mean = 0;
  return deviceSource({
    name: 'cpufreq',
    collectors: ['cpufreq'],
    guard,
    begin(draft) {
      current = [];
      mean = draft.slot(CPUFREQ.mean);
    },
    directories() {
      const offline = new Set(cpuSet(paths, 'offline'));
      const found = cpuNumbers(paths)
        .filter((cpu) => !offline.has(cpu))
        .map((cpu) => `${cpuRoot(paths)}/cpu${cpu}/cpufreq`)
        .filter((directory) => inode(directory) !== undefined);
      // A virtual machine governs nothing, but /proc/cpuinfo may tell a frequency.
      if (found.length === 0 && Number.isNaN(meanMegahertz(cpuinfo(paths.procfs)))) {
        throw new NoData('no CPU here tells its frequency');
      }
      return found;
    },
    describe(device, draft) {
      const cpu = /cpu(\d+)\/cpufreq$/.exec(device.directory)?.[1] ?? '';
      const there = new Set(files(device.directory));
      const slots = new Map<string, number>();
      for (const { file, signal, slow } of FREQUENCIES) {
        if (!there.has(file)) continue;
        const slot = draft.slot(signal, { cpu });
        slots.set(file, slot);
        device.number(file, slot, { reading: hertz, slow });
      }
      governors(device, cpu);
      const now = [slots.get('scaling_cur_freq'), slots.get('cpuinfo_cur_freq')];
      current.push(now.filter((slot) => slot !== undefined));
    },
    after(values) {
      const megahertz =
        current.length === 0
          ? meanMegahertz(cpuinfo(paths.procfs))
          : average(values, current) / 1e6;
      // The readings are in kHz: more digits than theirs would be made up.
      values[mean] = Math.round(megahertz * 1000) / 1000;
    },
  });
}

/** One series per governor that could be chosen; the chosen one is 1. */
function governors(device: Device, cpu: string): void {
  const names = readText(device.path('scaling_available_governors')) ?? '';
  const known = names.split(' ').filter((name) => name !== '');
  const slots = known.map((governor) => device.draft.slot(CPUFREQ.governor, { cpu, governor }));
  device.numbers('scaling_governor', slots, (text, at) => (text === known[at] ? 1 : 0), true);
}

/** Mean over the CPUs that tell; of each the first slot that has a value. */
function average(values: Float64Array, cpus: readonly (readonly number[])[]): number {
  let sum = 0;
  let count = 0;
  for (const slots of cpus) {
    const slot = slots.find((s) => !Number.isNaN(values[s] as number));
    if (slot === undefined) continue;
    sum += values[slot] as number;
    count++;
  }
  return sum / count;
}
