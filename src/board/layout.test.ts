import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { signal } from '../catalog/signal.ts';
import { Board } from './board.ts';
import { type Draft, type Labels, Layout, type Series } from './layout.ts';

const row = { type: 'gauge', help: 'Test.', labels: ['device'] } as const;
const HEAT = signal('test', 'heat', { ...row, native: 'heat' });
const LOAD = signal('test', 'load', { ...row, native: 'load' });

class Machine {
  now = 1000;
  readonly layout = new Layout(new Board(), () => this.now);

  /** One discovery of a source. */
  declare<T>(source: string, describe: (draft: Draft) => T): T {
    const draft = this.layout.draft(source);
    const out = describe(draft);
    draft.commit();
    return out;
  }

  get values(): Float64Array {
    return this.layout.board.values;
  }

  series(source?: string): Series[] {
    return [...this.layout.series(source)];
  }
}

describe('Draft', () => {
  test('slot() keeps a series where it is, with its start, over any number of discoveries', () => {
    const machine = new Machine();
    const once = (): number => machine.declare('a', (draft) => draft.slot(HEAT, { device: 'sda' }));
    const slot = once();
    machine.values[slot] = 5;
    const { version } = machine.layout;
    machine.now += 500;
    expect(once()).toBe(slot);
    expect(machine.values[slot]).toBe(5);
    expect(machine.series()[0]?.start).toBe(1000);
    expect(machine.layout.version).toBe(version);
  });

  test('series whose hashes are equal are told apart, whichever of them comes first or goes', () => {
    const seen = new Map<number, string>();
    let pair: string[] = [];
    for (let i = 0; pair.length === 0; i++) {
      const device = `sd${i}`;
      const hash = Bun.hash.xxHash32(JSON.stringify([HEAT.id, '', { device }]));
      const other = seen.get(hash);
      if (other !== undefined) pair = [other, device];
      seen.set(hash, device);
    }
    const machine = new Machine();
    const declare = (...devices: string[]): number[] =>
      machine.declare('a', (draft) => devices.map((device) => draft.slot(HEAT, { device })));
    const [first, second] = pair as [string, string];
    const [one, two] = declare(first, second) as [number, number];
    expect(one).not.toBe(two);
    expect(declare(second, first, second)).toEqual([two, one, two]);
    expect(declare(second)).toEqual([two]);
    expect(declare(second)).toEqual([two]);
    expect(machine.series().map((s) => s.labels['device'])).toEqual([second]);
  });

  test('slot() says who writes it, what shows it, and when it was first seen', () => {
    const machine = new Machine();
    const slot = machine.declare('a', (draft) =>
      draft.slot(HEAT, { device: 'sda' }, { collector: 'other', suffix: '_sum' }),
    );
    expect(machine.series()).toEqual([
      {
        signal: HEAT,
        labels: { device: 'sda' },
        collector: 'other',
        suffix: '_sum',
        slot,
        size: 1,
        bounds: undefined,
        start: 1000,
        source: 'a',
      },
    ]);
    machine.declare('b', (draft) => draft.slot(HEAT));
    expect(machine.series('b')[0]).toMatchObject({ collector: 'test', suffix: '', labels: {} });
  });

  test('slot() answers the same slot for a series that is declared twice', () => {
    const machine = new Machine();
    machine.declare('a', (draft) => {
      expect(draft.slot(HEAT, { device: 'sda' })).toBe(draft.slot(HEAT, { device: 'sda' }));
    });
    expect(machine.series()).toHaveLength(1);
  });

  test('slot() tells series apart by signal, suffix and every label, whatever is in them', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '=', '\\', '') });
    const labels = fc.dictionary(text, text, { maxKeys: 3 });
    const series = fc.record({
      signal: fc.constantFrom(HEAT, LOAD),
      labels,
      suffix: fc.constantFrom('', '_sum'),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(series, {
          comparator: (a, b) =>
            Bun.deepEquals({ ...a, labels: { ...a.labels } }, { ...b, labels: { ...b.labels } }),
        }),
        (all) => {
          const slots = new Machine().declare('a', (draft) =>
            all.map((s) => draft.slot(s.signal, s.labels, { suffix: s.suffix })),
          );
          expect(new Set(slots).size).toBe(all.length);
        },
      ),
      {
        examples: [
          [
            [
              { signal: HEAT, labels: { a: 'b,c,d' }, suffix: '' },
              { signal: HEAT, labels: { a: 'b', c: 'd' }, suffix: '' },
              { signal: HEAT, labels: { a: 'b","c":"d' }, suffix: '' },
            ],
          ],
        ],
      },
    );
  });

  test('slot() gives a histogram a slot per bound, one for the count and one for the sum', () => {
    const machine = new Machine();
    const bounds = [1, 2, 5];
    const [first, histogram, next] = machine.declare('a', (draft) => [
      draft.slot(HEAT),
      draft.slot(LOAD, {}, { bounds }),
      draft.slot(HEAT, { device: 'b' }),
    ]) as [number, number, number];
    expect(histogram).toBeGreaterThan(first);
    expect(next).toBe(histogram + 5);
    expect(machine.series()[1]).toMatchObject({ size: 5, bounds });
  });

  test('slot() gives a histogram that has other bounds another block, and frees the one before', () => {
    const machine = new Machine();
    const once = (bounds: number[]): number =>
      machine.declare('a', (draft) => draft.slot(LOAD, {}, { bounds }));
    const before = once([1, 2]);
    machine.values.fill(7, before, before + 4);
    const { version } = machine.layout;
    const after = once([1, 2, 3]);
    expect(after).not.toBe(before);
    expect([...machine.values.subarray(before, before + 4)]).toEqual(Array(4).fill(Number.NaN));
    expect(machine.series()).toHaveLength(1);
    expect(machine.layout.version).toBeGreaterThan(version);
  });

  test('slot() gives a histogram that has as many other bounds another block too', () => {
    const machine = new Machine();
    const declare = (...bounds: number[]): number =>
      machine.declare('a', (draft) => draft.slot(HEAT, { device: 'sda' }, { bounds }));
    const first = declare(1, 2);
    expect(declare(1, 2)).toBe(first);
    expect(declare(1, 3)).not.toBe(first);
    expect(machine.series().map((s) => s.bounds)).toEqual([[1, 3]]);
  });

  test('scratch() is kept across discoveries, apart from every other, and no dialect names it', () => {
    const machine = new Machine();
    const once = (): number[] =>
      machine.declare('a', (draft) => [draft.scratch('x'), draft.scratch('y'), draft.slot(HEAT)]);
    const slots = once();
    expect(new Set(slots).size).toBe(3);
    expect(once()).toEqual(slots);
    expect(machine.series().filter((s) => Object.keys(s.signal.dialects).length > 0)).toHaveLength(
      1,
    );
  });

  test('commit() makes a series absent that is no longer declared, and disturbs no other', () => {
    const machine = new Machine();
    const once = (...devices: string[]): number[] =>
      machine.declare('a', (draft) => devices.map((device) => draft.slot(HEAT, { device })));
    const [a, b, c] = once('a', 'b', 'c') as [number, number, number];
    machine.values.set([1, 2, 3], a);
    expect([a, b, c]).toEqual([a, a + 1, a + 2]);
    const { version } = machine.layout;
    expect(once('c', 'a')).toEqual([c, a]);
    expect([...machine.values.subarray(a, a + 3)]).toEqual([1, Number.NaN, 3]);
    expect(machine.layout.version).toBeGreaterThan(version);
    expect(machine.series().map((s) => s.labels['device'])).toEqual(['c', 'a']);
  });

  test('a series that comes back starts anew; its old block goes to nobody for a minute', () => {
    const machine = new Machine();
    const once = (device: string): number =>
      machine.declare('a', (draft) => draft.slot(HEAT, { device }));
    const first = once('a');
    const second = once('b');
    machine.now += 59;
    expect([first, second]).not.toContain(once('a'));
    expect(machine.series()[0]?.start).toBe(1059);
    machine.now += 60;
    expect([first, second]).toContain(once('c'));
  });

  test('nothing shows before commit()', () => {
    const machine = new Machine();
    const draft = machine.layout.draft('a');
    draft.slot(HEAT);
    expect(machine.series()).toEqual([]);
    expect(machine.layout.version).toBe(0);
    draft.commit();
    expect(machine.series()).toHaveLength(1);
  });
});

describe('Layout', () => {
  test('two sources that declare one series have a block each', () => {
    const machine = new Machine();
    const [a, b] = ['a', 'b'].map((source) => machine.declare(source, (draft) => draft.slot(HEAT)));
    expect(a).not.toBe(b);
    expect(machine.series('a').map((s) => s.slot)).toEqual([a as number]);
    expect(machine.series()).toHaveLength(2);
    expect(machine.series('nobody')).toEqual([]);
    machine.declare('a', () => {});
    expect(machine.series().map((s) => s.source)).toEqual(['b']);
  });

  test('withdraw() makes all values of a source absent, whole blocks, and no others', () => {
    const machine = new Machine();
    const bounds = [1, 2];
    machine.declare('a', (draft) => [draft.slot(HEAT), draft.slot(LOAD, {}, { bounds })]);
    const other = machine.declare('b', (draft) => draft.slot(HEAT));
    machine.values.fill(1, 0, machine.layout.board.used);
    const { version } = machine.layout;
    machine.layout.withdraw('a');
    machine.layout.withdraw('nobody');
    const present = [...machine.values].flatMap((v, slot) => (Number.isNaN(v) ? [] : [slot]));
    expect(present).toEqual([other]);
    // What was there is still known: a page need not be compiled again.
    expect(machine.layout.version).toBe(version);
    expect(machine.series('a')).toHaveLength(2);
  });

  test('version moves whenever a series comes or goes, and at no other time', () => {
    const devices = fc.subarray(['a', 'b', 'c', 'd']);
    fc.assert(
      fc.property(fc.array(devices, { maxLength: 12 }), (discoveries) => {
        const machine = new Machine();
        let before: readonly string[] = [];
        for (const now of discoveries) {
          const { version } = machine.layout;
          machine.declare('x', (draft) => now.map((device) => draft.slot(HEAT, { device })));
          const same = before.length === now.length && now.every((d) => before.includes(d));
          expect(machine.layout.version === version).toBe(same);
          before = now;
        }
      }),
    );
  });

  test('ten thousand series keep their values while more come', () => {
    const machine = new Machine();
    const labels = Array.from({ length: 10_000 }, (_, i): Labels => ({ device: `d${i}` }));
    const once = (): number[] =>
      machine.declare('a', (draft) => labels.map((l) => draft.slot(HEAT, l)));
    const slots = once();
    for (const [i, slot] of slots.entries()) machine.values[slot] = i;
    machine.declare('b', (draft) => labels.map((l) => draft.slot(LOAD, l)));
    expect(once()).toEqual(slots);
    expect(slots.map((slot) => machine.values[slot])).toEqual(labels.map((_, i) => i));
  });
});
