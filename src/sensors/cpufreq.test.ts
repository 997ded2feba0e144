import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { type CpuTree, cpuTree, type Scaling } from '../../test/trees/cpu.ts';
import { processors } from '../../test/trees/processor.ts';
import { cpufreq } from './cpufreq.ts';
import { UNGUARDED } from './guard.ts';
import { OnDisk } from './tree.fixture.ts';

const SCALING: Scaling = {
  driver: 'cppc_cpufreq',
  governor: 'schedutil',
  governors: 'performance schedutil',
  hardware: [338_000, 2_808_000],
  limits: [339_000, 2_807_000],
  current: 1_000_000,
};
const POLICY = 'sys/devices/system/cpu/cpufreq/policy';

const tree = (scaling: CpuTree['scaling'], cpus = 2, offline: number[] = []): OnDisk =>
  OnDisk.built((t) =>
    cpuTree(t, {
      host: 'test',
      cpus: processors(1, cpus, 1, offline),
      isolated: '',
      cpu0Online: true,
      ...(scaling === undefined ? {} : { scaling }),
    }),
  );
const expose = (disk: OnDisk): Exposed => new Exposed(cpufreq(disk.paths, UNGUARDED));

test('cpufreq() has the frequencies of each CPU in hertz, and its governor', () => {
  using disk = tree(() => ({ ...SCALING, measured: 999_999 }), 1);
  expect(expose(disk).sample()).toEqual([
    'node_cpu_frequency_hertz{cpu="0"} 999999000',
    'node_cpu_frequency_max_hertz{cpu="0"} 2808000000',
    'node_cpu_frequency_min_hertz{cpu="0"} 338000000',
    'node_cpu_scaling_frequency_hertz{cpu="0"} 1000000000',
    'node_cpu_scaling_frequency_max_hertz{cpu="0"} 2807000000',
    'node_cpu_scaling_frequency_min_hertz{cpu="0"} 339000000',
    'node_cpu_scaling_governor{cpu="0",governor="performance"} 0',
    'node_cpu_scaling_governor{cpu="0",governor="schedutil"} 1',
  ]);
});

test('cpufreq() reads the current frequencies at each sample and has their mean', () => {
  using disk = tree(({ index }) => ({ ...SCALING, current: 1_000_000 + index * 500_001 }));
  const exposed = expose(disk);
  // (1000 + 1500.001) / 2, to three places
  expect(exposed.sample('native')).toEqual(['cpu_frequency_mhz 1250.001']);
  disk.write(`${POLICY}0/scaling_cur_freq`, '3000000\n');
  expect(exposed.sample('native')).toEqual(['cpu_frequency_mhz 2250.001']);
});

test('cpufreq() leaves a CPU whose frequency is unknown out of the mean', () => {
  using disk = tree(({ index }) => ({ ...SCALING, current: 1_000_000 + index * 1_000_000 }));
  disk.write(`${POLICY}1/scaling_cur_freq`, '<unknown>\n');
  const exposed = expose(disk);
  expect(exposed.sample('native')).toEqual(['cpu_frequency_mhz 1000']);
  expect(exposed.sample('node', 'node_cpu_scaling_frequency_hertz')).toHaveLength(1);
});

test('cpufreq() takes what the hardware says where the kernel says nothing', () => {
  using disk = tree(() => ({ ...SCALING, measured: 2_500_000 }), 1);
  disk.remove(`${POLICY}0/scaling_cur_freq`);
  expect(expose(disk).sample('native')).toEqual(['cpu_frequency_mhz 2500']);
});

test('cpufreq() has no governor series where there is none to choose', () => {
  using disk = tree(() => SCALING, 1);
  disk.write(`${POLICY}0/scaling_available_governors`, '\n');
  expect(expose(disk).sample('node', 'node_cpu_scaling_governor')).toEqual([]);
});

test('cpufreq() drops a CPU that is taken offline and has it again afterwards', () => {
  using disk = tree(() => SCALING);
  const exposed = expose(disk);
  expect(exposed.sample('node', 'node_cpu_scaling_frequency_hertz')).toHaveLength(2);
  disk.remove('sys/devices/system/cpu/cpu1/cpufreq');
  expect(exposed.sample('node', 'node_cpu_scaling_frequency_hertz')).toEqual([
    'node_cpu_scaling_frequency_hertz{cpu="0"} 1000000000',
  ]);
  disk.write('sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq', '5000\n');
  exposed.registry.rediscover();
  expect(exposed.sample('node', 'node_cpu_scaling_frequency_hertz')).toContain(
    'node_cpu_scaling_frequency_hertz{cpu="1"} 5000000',
  );
});

test('cpufreq() passes over a CPU that is offline and has kept its files', () => {
  using disk = tree(() => SCALING);
  disk.write('sys/devices/system/cpu/offline', '1\n');
  expect(expose(disk).sample('node', 'node_cpu_scaling_frequency_hertz')).toHaveLength(1);
});

test('cpufreq() takes the mean from /proc/cpuinfo where nothing is governed', () => {
  using disk = tree(undefined);
  disk.write(
    'proc/cpuinfo',
    'processor : 0\ncpu MHz : 2600.000\n\nprocessor : 1\ncpu MHz : 2700\n',
  );
  const exposed = expose(disk);
  expect(exposed.sample('native')).toEqual(['cpu_frequency_mhz 2650']);
  expect(exposed.sample('node')).toEqual([]);
});

test('cpufreq() is without data where nothing tells a frequency', () => {
  using disk = tree(undefined);
  disk.write('proc/cpuinfo', 'processor : 0\nBogoMIPS : 2000.00\n');
  expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
});
