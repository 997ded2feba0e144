import { describe, expect, test } from 'bun:test';
import { SELF } from '../catalog/self.ts';
import { broken, CELL, Fake, Machine } from './registry.fixture.ts';
import { NoData, SAMPLE } from './source.ts';

describe('Registry', () => {
  test('sample() samples every source and says when, how long and with which success', () => {
    const machine = new Machine(new Fake('a'), new Fake('b'));
    expect(machine.report('a')?.status).toBe('new');
    expect(machine.report('a')?.lastSuccess).toBeUndefined();
    machine.registry.sample();
    machine.now = 1007;
    machine.registry.sample();
    expect([machine.cell('a'), machine.cell('b')]).toEqual([2, 2]);
    expect(machine.report('a')).toMatchObject({
      name: 'a',
      collectors: ['a'],
      status: 'ok',
      error: undefined,
      lastSuccess: 1007,
    });
    expect(machine.own(SELF.sourceUp, { source: 'a' })).toBe(1);
    expect(machine.own(SELF.sourceLastSuccess, { source: 'a' })).toBe(1007);
    const seconds = machine.own(SELF.sourceDuration, { source: 'a' });
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(1);
    expect(machine.report('a')?.durationSeconds).toBe(seconds);
    expect(machine.complaints).toEqual([]);
  });

  test('measures how long a sample took, a discovery within it included', () => {
    const slow = new Fake('slow');
    const machine = new Machine(slow);
    slow.onSample = () => (slow.discoveries === 1 ? SAMPLE.rescan : SAMPLE.ok);
    slow.onDiscover = () => {
      const until = performance.now() + 5;
      while (performance.now() < until);
    };
    machine.registry.sample();
    expect(machine.own(SELF.sourceDuration, { source: 'slow' })).toBeGreaterThanOrEqual(0.005);
  });

  test('a rescan discovers again and samples again, within one scrape', () => {
    const changed = new Fake('changed');
    const machine = new Machine(changed);
    machine.registry.sample();
    changed.onSample = () => (changed.discoveries === 1 ? SAMPLE.rescan : SAMPLE.ok);
    machine.registry.sample();
    expect(changed.discoveries).toBe(2);
    expect(changed.samples).toBe(3);
    expect(machine.cell('changed')).toBe(3);
    expect(machine.report('changed')?.status).toBe('ok');
    machine.registry.sample();
    expect(changed.discoveries).toBe(2);
  });

  test('a source that asks for a second rescan at once fails', () => {
    const restless = new Fake('restless');
    const machine = new Machine(restless);
    restless.onSample = () => SAMPLE.rescan;
    machine.registry.sample();
    expect(restless.samples).toBe(2);
    expect(restless.discoveries).toBe(2);
    expect(machine.cell('restless')).toBeNaN();
    expect(machine.report('restless')).toMatchObject({
      status: 'failed',
      error: 'its shape changed twice within one sample',
    });
    machine.registry.sample();
    expect(restless.samples).toBe(2);
  });

  test('a source that was restless for a moment is back as soon as it is looked for again', () => {
    const restless = new Fake('restless');
    const machine = new Machine(restless);
    restless.onSample = () => (restless.discoveries < 3 ? SAMPLE.rescan : SAMPLE.ok);
    machine.registry.sample();
    expect(machine.report('restless')?.status).toBe('failed');
    machine.registry.discover();
    machine.registry.sample();
    expect(machine.report('restless')?.status).toBe('ok');
  });

  test('a source that stays restless is left alone in the end', () => {
    const restless = new Fake('restless');
    const machine = new Machine(restless);
    restless.onSample = () => SAMPLE.rescan;
    for (let i = 0; i < 20; i++) {
      machine.registry.discover();
      machine.registry.sample();
    }
    expect(restless.samples).toBe(12);
  });

  test('a rescan that finds nothing any more is no failure, and the source is not sampled', () => {
    const gone = new Fake('gone');
    const machine = new Machine(gone);
    machine.registry.sample();
    gone.onSample = () => SAMPLE.rescan;
    gone.onDiscover = () => {
      throw new NoData('unplugged');
    };
    machine.registry.sample();
    expect(gone.samples).toBe(2);
    expect(machine.cell('gone')).toBeNaN();
    expect(machine.report('gone')?.status).toBe('absent');
    expect(machine.complaints).toEqual([]);
  });

  test('a rescan that finds thousands of series disturbs nobody before or behind it', () => {
    const [before, large, behind] = [new Fake('before'), new Fake('large'), new Fake('behind')];
    const machine = new Machine(before, large, behind);
    large.onSample = (values) => {
      if (large.discoveries === 1) return SAMPLE.rescan;
      for (const slot of large.slots) values[slot] = slot;
      return SAMPLE.ok;
    };
    large.onDiscover = (draft) => {
      for (let i = 0; i < 10_000; i++) large.slots.push(draft.slot(CELL, { device: `${i}` }));
    };
    machine.registry.sample();
    expect(machine.cell('before')).toBe(1);
    expect(machine.cell('behind')).toBe(1);
    expect(large.slots).toHaveLength(10_001);
    for (const slot of large.slots) expect(machine.layout.board.values[slot]).toBe(slot);
    expect(machine.own(SELF.sourceUp, { source: 'large' })).toBe(1);
  });

  test('discover() looks at those that have not been looked at, rediscover() at all', () => {
    const [a, b] = [new Fake('a'), new Fake('b')];
    b.onDiscover = broken('EIO');
    const machine = new Machine(a, b);
    machine.registry.discover();
    expect([a.discoveries, b.discoveries]).toEqual([1, 1]);
    b.onDiscover = () => {};
    machine.registry.rediscover();
    expect([a.discoveries, b.discoveries]).toEqual([2, 2]);
    machine.registry.sample();
    expect(machine.cell('b')).toBe(1);
    expect(machine.report('b')?.status).toBe('ok');
  });

  test('selection() has a source sampled if one of its collectors is wanted, and no other', () => {
    const [cpu, disk] = [new Fake('cpu', ['cpu', 'stat']), new Fake('disk', ['diskstats'])];
    const machine = new Machine(cpu, disk);
    machine.registry.sample(machine.registry.selection((c) => c === 'stat'));
    expect([cpu.samples, disk.samples]).toEqual([1, 0]);
    expect(machine.report('disk')?.status).toBe('new');
    machine.registry.sample(machine.registry.selection((c) => c === 'diskstats'));
    expect([cpu.samples, disk.samples]).toEqual([1, 1]);
    machine.registry.sample(machine.registry.selection(() => false));
    expect([cpu.samples, disk.samples]).toEqual([1, 1]);
    machine.registry.sample();
    expect([cpu.samples, disk.samples]).toEqual([2, 2]);
  });

  test('collectors names each collector once, and the first of its sources answers for it', () => {
    const [first, second] = [new Fake('first', ['cpu', 'stat']), new Fake('second', ['cpu'])];
    const machine = new Machine(first, second);
    expect(machine.registry.collectors).toEqual(['cpu', 'stat']);
    second.onSample = broken('EIO');
    machine.registry.sample();
    const success = (collector: string): number =>
      machine.own(SELF.collectorSuccess, { collector });
    expect([success('cpu'), success('stat')]).toEqual([1, 1]);
    expect(machine.own(SELF.sourceUp, { source: 'second' })).toBe(0);
    first.onSample = broken('EIO');
    machine.registry.sample();
    expect([success('cpu'), success('stat')]).toEqual([0, 0]);
    expect(machine.own(SELF.collectorDuration, { collector: 'cpu' })).toBe(
      machine.own(SELF.sourceDuration, { source: 'first' }),
    );
  });

  test('what it says of a source is shown with the source’s own collector', () => {
    const machine = new Machine(new Fake('a', ['cpu', 'stat']));
    const collectors = [...machine.layout.series('registry')].map((s) => s.collector);
    expect(collectors).toEqual(['cpu', 'cpu', 'cpu', 'cpu', 'cpu', 'stat', 'stat']);
  });

  test('close() closes every source', () => {
    const sources = [new Fake('a'), new Fake('b')];
    new Machine(...sources).registry.close();
    expect(sources.map((s) => s.closed)).toEqual([1, 1]);
  });
});
