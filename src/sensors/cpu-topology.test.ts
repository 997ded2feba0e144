import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { cpuTopology } from './cpu-topology.ts';
import { UNGUARDED } from './guard.ts';
import { OnDisk } from './tree.fixture.ts';

const CPUS = 'sys/devices/system/cpu';
const machine = (name: 'vm' | 'h100' | 'spark'): OnDisk =>
  OnDisk.machine(name, `${CPUS}/`, 'proc/cpuinfo');
const expose = (disk: OnDisk, info = false): Exposed =>
  new Exposed(cpuTopology(disk.paths, UNGUARDED, { info }));

test('cpuTopology() names the two kinds of cores of a Spark by their registers', () => {
  using disk = machine('spark');
  const lines = expose(disk).sample('native', 'cpu_info');
  expect(lines).toHaveLength(20);
  expect([lines[0], lines[5], lines[19]]).toEqual([
    'cpu_info{cpu="0",package="36",core="0",cluster="0",vendor="ARM",part="0xd87",model="Cortex-A725",capacity="718"} 1',
    'cpu_info{cpu="5",package="36",core="5",cluster="5",vendor="ARM",part="0xd85",model="Cortex-X925",capacity="997"} 1',
    'cpu_info{cpu="19",package="36",core="19",cluster="19",vendor="ARM",part="0xd85",model="Cortex-X925",capacity="1024"} 1',
  ]);
});

test('cpuTopology() takes the part from /proc/cpuinfo where the register cannot be read', () => {
  using disk = machine('spark');
  disk.remove(`${CPUS}/cpu5/regs`);
  expect(expose(disk).sample('native', 'cpu_info{cpu="5"').join()).toContain(
    'part="0xd85",model="Cortex-X925"',
  );
});

test('cpuTopology() takes vendor and model of an x86 CPU from /proc/cpuinfo, and no offline CPU', () => {
  using disk = machine('h100');
  const lines = expose(disk).sample('native', 'cpu_info');
  expect(lines).toHaveLength(31);
  expect(lines[8]).toBe(
    'cpu_info{cpu="8",package="1",core="0",cluster="0",vendor="GenuineIntel",part="",model="Intel(R) Xeon(R) Platinum 8480C",capacity=""} 1',
  );
  expect(lines.join()).not.toContain('cpu="13"');
});

test('cpuTopology() has no cluster where the kernel knows of none', () => {
  using disk = machine('vm');
  disk.write(`${CPUS}/cpu0/topology/cluster_id`, '-1\n');
  disk.write(`${CPUS}/cpu1/topology/cluster_id`, '65535\n');
  const lines = expose(disk).sample('native', 'cpu_info');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toContain('cluster=""');
});

test('cpuTopology() has throttle counts once per core and package', () => {
  using disk = machine('h100');
  const exposed = expose(disk);
  const cores = exposed.sample('node', 'node_cpu_core_throttles_total');
  expect(cores).toHaveLength(16);
  expect(cores).toContain('node_cpu_core_throttles_total{core="0",package="0"} 531');
  expect(exposed.sample('node', 'node_cpu_package_throttles_total')).toEqual([
    'node_cpu_package_throttles_total{package="0"} 7126',
    'node_cpu_package_throttles_total{package="1"} 6681',
  ]);
  disk.write(`${CPUS}/cpu0/thermal_throttle/package_throttle_count`, '7127\n');
  expect(exposed.sample('native', 'cpu_package_throttles_total')).toContain(
    'cpu_package_throttles_total{package="0"} 7127',
  );
});

test('cpuTopology() marks isolated CPUs', () => {
  using disk = machine('vm');
  expect(expose(disk).sample('node', 'node_cpu_isolated')).toEqual([]);
  disk.write(`${CPUS}/isolated`, '1\n');
  expect(expose(disk).sample('node', 'node_cpu_isolated')).toEqual([
    'node_cpu_isolated{cpu="1"} 1',
  ]);
});

test('cpuTopology() follows CPUs that go offline and come back', () => {
  using disk = machine('spark');
  const exposed = expose(disk);
  expect(exposed.sample('node', 'node_cpu_online')).toHaveLength(20);
  disk.write(`${CPUS}/online`, '0-2,4-19\n');
  const lines = exposed.sample('node', 'node_cpu_online');
  expect(lines).toContain('node_cpu_online{cpu="3"} 0');
  expect(lines).toContain('node_cpu_online{cpu="4"} 1');
  disk.write(`${CPUS}/online`, '0-19\n');
  expect(exposed.sample('node', 'node_cpu_online')).toContain('node_cpu_online{cpu="3"} 1');
});

test('cpuTopology() says nothing of online where CPU 0 cannot be taken offline, as node_exporter', () => {
  using disk = machine('h100');
  expect(expose(disk).sample('node', 'node_cpu_online')).toEqual([]);
});

test('cpuTopology() has node_cpu_info only when it is asked for', () => {
  using disk = machine('vm');
  expect(expose(disk).sample('node', 'node_cpu_info')).toEqual([]);
  expect(expose(disk, true).sample('node', 'node_cpu_info')[1]).toBe(
    'node_cpu_info{cachesize="16384 KB",core="1",cpu="1",family="6",microcode="0x1",model="85",model_name="Intel Xeon Processor (Cascadelake)",package="0",stepping="6",vendor="GenuineIntel"} 1',
  );
});

test('cpuTopology() is without data where there are no CPUs in sysfs', () => {
  using disk = new OnDisk(new Map([['proc/cpuinfo', 'processor : 0\n']]));
  expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
});
