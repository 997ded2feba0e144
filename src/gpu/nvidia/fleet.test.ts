import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
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

testWith(
  ['cc', 'nvmlHeader'],
  'a GPU that a former probe found, and that the driver no longer counts, is lost',
  () => {
    const uuid = 'GPU-00000000-0000-0000-0000-000000000001';
    const known = [{ uuid, index: 1, name: 'NVIDIA GB10' }];
    using machine = new Machine('gb10', { source: { known } });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 1 });
    expect(machine.poll('lost')).toContain(`lost{device="1",uuid="${uuid}",name="NVIDIA GB10"} 1`);
    expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 1']);
  },
);
