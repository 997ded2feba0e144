import { expect, test } from 'bun:test';
import { CpuUsage } from './cpu-usage.ts';
import { Files } from './files.fixture.ts';

/** A machine whose first line of /proc/stat a test sets. */
class Machine extends Files {
  readonly usage = new CpuUsage(`${this.paths.procfs}/stat`);

  /** user nice system idle iowait irq softirq steal; then a tick. */
  tick(...ticks: readonly number[]): number {
    this.write('proc/stat', `cpu  ${ticks.join(' ')} 0 0\ncpu0 ${ticks.join(' ')} 0 0\n`);
    this.usage.tick();
    return this.usage.percent;
  }

  override [Symbol.dispose](): void {
    this.usage.close();
    super[Symbol.dispose]();
  }
}

test('CpuUsage is unknown before the second tick', () => {
  using machine = new Machine();
  expect(machine.usage.percent).toBeNaN();
  expect(machine.tick(1, 2, 3, 4, 5, 6, 7, 8)).toBeNaN();
});

test('CpuUsage counts everything but idle and iowait, over the last interval alone', () => {
  using machine = new Machine();
  machine.tick(100, 0, 0, 100, 0, 0, 0, 0);
  expect(machine.tick(110, 5, 6, 160, 10, 3, 2, 4)).toBe(30);
  expect(machine.tick(110, 5, 6, 260, 10, 3, 2, 4)).toBe(0);
  expect(machine.tick(310, 5, 6, 260, 10, 3, 2, 4)).toBe(100);
});

test('CpuUsage is rounded to six decimals', () => {
  using machine = new Machine();
  machine.tick(0, 0, 0, 0, 0, 0, 0, 0);
  expect(machine.tick(1, 0, 0, 2, 0, 0, 0, 0)).toBe(33.333333);
});

test('CpuUsage takes idle time that the kernel took back as none', () => {
  using machine = new Machine();
  machine.tick(100, 0, 0, 100, 50, 0, 0, 0);
  expect(machine.tick(110, 0, 0, 120, 40, 0, 0, 0)).toBe(33.333333);
});

test('CpuUsage is unknown when no time has passed, after a line that is cut short, and without the file', () => {
  using machine = new Machine();
  machine.tick(1, 1, 1, 1, 1, 1, 1, 1);
  expect(machine.tick(1, 1, 1, 1, 1, 1, 1, 1)).toBeNaN();
  machine.tick(2, 1, 1, 1, 1, 1, 1, 1);
  expect(machine.usage.percent).toBe(100);
  machine.write('proc/stat', 'cpu  3 1 1\n');
  machine.usage.tick();
  expect(machine.usage.percent).toBeNaN();
  machine.tick(2, 1, 1, 1, 1, 1, 1, 1);
  // Half a line: its last number may be the beginning of a larger one.
  machine.write('proc/stat', 'cpu  3 1 1 1 1 1 1 1');
  machine.usage.tick();
  expect(machine.usage.percent).toBeNaN();
  machine.write('proc/stat', 'intr 3 1 1\n');
  machine.usage.tick();
  expect(machine.usage.percent).toBeNaN();
  machine.remove('proc/stat');
  machine.usage.close();
  machine.usage.tick();
  expect(machine.usage.percent).toBeNaN();
  machine.tick(1, 1, 1, 1, 1, 1, 1, 1);
  expect(machine.tick(2, 1, 1, 2, 1, 1, 1, 1)).toBe(50);
});
