import { expect, test } from 'bun:test';
import { cpuinfo, meanMegahertz } from './cpuinfo.ts';
import { OnDisk } from './tree.fixture.ts';

const read = (text: string) => {
  using disk = new OnDisk(new Map([['proc/cpuinfo', text]]));
  return cpuinfo(disk.paths.procfs);
};

test('cpuinfo() reads the fields of each CPU, values with colons whole', () => {
  const cpus = read(
    'processor\t: 0\nmodel name\t: A: B\ncpu MHz\t\t: 2000.5\n\nprocessor\t: 7\ncpu MHz\t: 1000.5\n\n',
  );
  expect([...cpus.keys()]).toEqual([0, 7]);
  expect(cpus.get(0)?.get('model name')).toBe('A: B');
  expect(meanMegahertz(cpus)).toBe(1500.5);
});

test('cpuinfo() passes over a block that is no CPU', () => {
  // Old ARM kernels end with one about the board.
  expect([...read('processor : 0\n\nHardware : Board\nSerial : 0\n').keys()]).toEqual([0]);
  expect(read('').size).toBe(0);
});

test('cpuinfo() is empty where there is no such file', () => {
  expect(cpuinfo('/nonexistent').size).toBe(0);
});

test('meanMegahertz() is NaN where no CPU says', () => {
  expect(meanMegahertz(read('processor : 0\nBogoMIPS : 2000.00\n'))).toBeNaN();
});
