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
