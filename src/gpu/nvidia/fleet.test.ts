import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import type { GpuLog } from '../reading.ts';
import { Machine } from './machine.fixture.ts';

testWith(
  ['cc', 'nvmlHeader'],
  'garbage is let go of between GPUs when they are found, and not when they are looked for again',
  () => {
    let collections = 0;
    const collect = (): void => {
      collections++;
    };
    using machine = new Machine('h200x8', { source: { collect } });
    machine.poll();
    // Once when it was found, and once when its series were.
    expect(collections).toBe(2 * 8);
    machine.rediscover();
    machine.poll();
    expect(collections).toBe(2 * 8);
  },
);

testWith(['cc', 'nvmlHeader'], 'a GPU that is lost is logged once, and that it is back', () => {
  const lines: string[] = [];
  const log: GpuLog = (level, message, { device, name }) => {
    lines.push(`${level} ${message} ${device} ${name}`);
  };
  using machine = new Machine('h200x8', { source: { log } });
  machine.poll();
  machine.fake.set('gpu 3', '*', 'GPU_IS_LOST');
  for (let n = 0; n < 3; n++) machine.poll();
  machine.rediscover();
  machine.poll();
  expect(lines).toEqual(['warn GPU lost 3 NVIDIA H200']);
  machine.fake.unset('gpu 3', '*');
  machine.poll('', 5);
  machine.rediscover();
  machine.poll();
  expect(lines.slice(1)).toEqual(['info GPU answers again 3 NVIDIA H200']);
});

testWith(
  ['cc', 'nvmlHeader'],
  'a GPU that a former probe found, and that the driver no longer counts, is lost',
  () => {
    const uuid = 'GPU-00000000-0000-0000-0000-000000000001';
    const known = [{ uuid, index: 1, name: 'NVIDIA GB10', address: '' }];
    using machine = new Machine('gb10', { source: { known } });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 1 });
    expect(machine.poll('lost')).toContain(`lost{device="1",uuid="${uuid}",name="NVIDIA GB10"} 1`);
    expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 1']);
  },
);
