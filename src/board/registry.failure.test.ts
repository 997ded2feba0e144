import { describe, expect, test } from 'bun:test';
import { SELF } from '../catalog/self.ts';
import { broken, CELL, Fake, Machine } from './registry.fixture.ts';
import { NoData, SAMPLE } from './source.ts';

describe('Registry with sources that fail', () => {
  test('a source that throws is absent alone, complained of once, and left alone until its time comes', () => {
    const [good, bad] = [new Fake('good'), new Fake('bad')];
    const machine = new Machine(bad, good);
    machine.registry.sample();
    bad.onSample = broken('EIO: read');
    for (let i = 0; i < 50; i++) machine.later(0.1);
    expect(bad.samples).toBe(2);
    expect(bad.discoveries).toBe(1);
    expect(machine.cell('bad')).toBeNaN();
    expect(machine.cell('good')).toBe(51);
    expect(machine.complaints).toEqual(['bad: EIO: read']);
    expect(machine.report('bad')).toMatchObject({
      status: 'failed',
      error: 'EIO: read',
      lastSuccess: 1000,
    });
    expect(machine.own(SELF.sourceUp, { source: 'bad' })).toBe(0);
    expect(machine.own(SELF.sourceLastSuccess, { source: 'bad' })).toBe(1000);
  });

  test('a source that keeps failing is tried again after 10, 20, 40 and then every 60 seconds', () => {
    for (const where of ['onSample', 'onDiscover'] as const) {
      const bad = new Fake('bad');
      bad[where] = broken('EIO');
      const machine = new Machine(bad);
      machine.registry.sample();
      const tries: number[] = [];
      for (let second = 1; second <= 260; second++) {
        const before = bad.discoveries;
        machine.later(1);
        if (bad.discoveries > before) tries.push(second);
      }
      expect(tries).toEqual([10, 30, 70, 130, 190, 250]);
      expect(machine.complaints).toEqual(['bad: EIO']);
      expect(machine.cell('bad')).toBeNaN();
    }
  });

  test('a source that works again is sampled again, and the next failure is tried after 10 seconds', () => {
    const bad = new Fake('bad');
    const machine = new Machine(bad);
    bad.onSample = broken('EIO');
    machine.registry.sample();
    machine.later(10);
    bad.onSample = () => SAMPLE.ok;
    machine.later(20);
    expect(machine.cell('bad')).toBe(bad.samples);
    expect(machine.report('bad')).toMatchObject({ status: 'ok', error: undefined });
    expect(machine.own(SELF.sourceUp, { source: 'bad' })).toBe(1);
    bad.onSample = broken('EIO');
    machine.later(1);
    const { discoveries } = bad;
    machine.later(9);
    expect(bad.discoveries).toBe(discoveries);
    machine.later(1);
    expect(bad.discoveries).toBe(discoveries + 1);
    // It had worked in between: that it fails once more is news.
    expect(machine.complaints).toEqual(['bad: EIO', 'bad: EIO']);
  });

  test('each reason is complained of once, whatever is thrown', () => {
    const bad = new Fake('bad');
    const machine = new Machine(bad);
    const reasons: unknown[] = [new Error('one'), new Error('one'), 'two', 'two', new Error('one')];
    bad.onSample = () => {
      throw reasons.shift();
    };
    for (let i = 0; i < 5; i++) machine.later(60);
    expect(machine.complaints).toEqual(['bad: one', 'bad: two', 'bad: one']);
  });

  test('a source that keeps its series through a failure has them where they were', () => {
    const bad = new Fake('bad');
    const machine = new Machine(bad);
    machine.registry.sample();
    const { version } = machine.layout;
    const slots = bad.slots;
    bad.onSample = broken('EIO');
    machine.later(1);
    bad.onSample = () => SAMPLE.ok;
    machine.later(10);
    expect(bad.slots).toEqual(slots);
    expect(machine.layout.version).toBe(version);
    expect([...machine.layout.series('bad')][0]?.start).toBe(1000);
  });

  test('what is not on this machine is absent without a complaint, and looked for with less and less zeal', () => {
    const none = new Fake('none');
    none.onDiscover = () => {
      throw new NoData('no such thing');
    };
    const machine = new Machine(none);
    for (let second = 0; second < 100; second++) machine.later(1);
    expect(none.discoveries).toBe(4);
    expect(none.samples).toBe(0);
    expect(machine.complaints).toEqual([]);
    expect(machine.report('none')).toMatchObject({ status: 'absent', error: 'no such thing' });
    expect(machine.own(SELF.sourceUp, { source: 'none' })).toBe(0);
    expect(machine.own(SELF.sourceDuration, { source: 'none' })).toBeNaN();
    expect(machine.own(SELF.sourceLastSuccess, { source: 'none' })).toBeNaN();
    none.onDiscover = () => {};
    machine.later(60);
    expect(machine.report('none')?.status).toBe('ok');
    expect(machine.cell('none')).toBe(1);
  });

  test('a discovery that fails half way leaves nothing of the source on the page', () => {
    const bad = new Fake('bad');
    const machine = new Machine(bad);
    machine.registry.sample();
    bad.onDiscover = (draft) => {
      draft.slot(CELL, { device: 'more' });
      throw new Error('EIO');
    };
    machine.registry.rediscover();
    machine.registry.sample();
    for (const { slot } of machine.layout.series('bad')) {
      expect(machine.layout.board.values[slot]).toBeNaN();
    }
    expect(machine.report('bad')?.status).toBe('failed');
  });
});
