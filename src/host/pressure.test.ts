import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { notOffered } from './file-source.ts';
import { Files } from './files.fixture.ts';
import { pressure } from './pressure.ts';

const some = 'some avg10=1.31 avg60=1.14 avg300=0.48 total=3754137';
const full = 'full avg10=0.07 avg60=0.00 avg300=0.00 total=18446744073709551615';

test('pressure() reads totals in seconds under the names that node_exporter has for them', () => {
  using files = new Files({
    'proc/pressure/cpu': `${some}\n${full}\n`,
    'proc/pressure/io': `${some}\n${full}\n`,
    'proc/pressure/memory': `${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n`,
    'proc/pressure/irq': 'full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  });
  expect(new Exposed(pressure(files.paths)).sample('node')).toEqual([
    'node_pressure_cpu_waiting_seconds_total 3.754137',
    'node_pressure_io_stalled_seconds_total 18446744073709.55',
    'node_pressure_io_waiting_seconds_total 3.754137',
    'node_pressure_irq_stalled_seconds_total 0',
    'node_pressure_memory_stalled_seconds_total 0.000007',
    'node_pressure_memory_waiting_seconds_total 3.754137',
  ]);
});

test('pressure() has one native family for all totals and one for the ten-second shares', () => {
  using files = new Files({ 'proc/pressure/cpu': `${some}\n${full}\n` });
  expect(new Exposed(pressure(files.paths)).sample('native')).toEqual([
    'host_pressure_ratio{resource="cpu",kind="some"} 0.0131',
    'host_pressure_ratio{resource="cpu",kind="full"} 0.0007',
    'host_pressure_seconds_total{resource="cpu",kind="some"} 3.754137',
    'host_pressure_seconds_total{resource="cpu",kind="full"} 18446744073709.55',
  ]);
});

test('pressure() has no series for a resource or kind that the kernel does not report', () => {
  using files = new Files({ 'proc/pressure/cpu': `${some}\n` });
  const exposed = new Exposed(pressure(files.paths));
  expect(exposed.sample('node')).toEqual(['node_pressure_cpu_waiting_seconds_total 3.754137']);
  expect(exposed.registry.reports()[0]?.status).toBe('ok');
});

test('pressure() has nothing to say on a kernel without pressure files', () => {
  using files = new Files();
  const exposed = new Exposed(pressure(files.paths));
  expect(exposed.sample()).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});

test('notOffered() is true of a file that is missing or switched off, and of no other error', () => {
  for (const code of ['ENOENT', 'EOPNOTSUPP', 'ENOTSUP']) expect(notOffered({ code })).toBe(true);
  for (const code of ['EIO', 'EACCES', undefined]) expect(notOffered({ code })).toBe(false);
});

test('pressure() leaves out what is cut short or no number', () => {
  using files = new Files({
    'proc/pressure/cpu': 'some avg10=x avg60=0.00 avg300=0.00 total=5\n',
    'proc/pressure/io': 'some avg10=0.00 avg60\n',
    'proc/pressure/memory': '',
  });
  const exposed = new Exposed(pressure(files.paths));
  expect(exposed.sample('node')).toEqual(['node_pressure_cpu_waiting_seconds_total 0.000005']);
  expect(exposed.sample('native')).toEqual([
    'host_pressure_ratio{resource="io",kind="some"} 0',
    'host_pressure_seconds_total{resource="cpu",kind="some"} 0.000005',
  ]);
});

test('pressure() reads the fixture machines, of which the spark alone reports interrupts', () => {
  const families = (name: 'vm' | 'spark'): string[] => {
    using files = Files.machine(name, 'proc/pressure');
    return new Exposed(pressure(files.paths))
      .sample('node')
      .map((line) => line.split(' ')[0] ?? '');
  };
  const vm = families('vm');
  expect(vm).toHaveLength(5);
  expect(families('spark').filter((name) => !vm.includes(name))).toEqual([
    'node_pressure_irq_stalled_seconds_total',
  ]);
});
