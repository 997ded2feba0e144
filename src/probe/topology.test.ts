import { expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { type Labels, Layout } from '../board/layout.ts';
import { SELF } from '../catalog/self.ts';
import { type Signal, signals } from '../catalog/signal.ts';
import { encodeTopology, SlotMap, type WireTopology } from './topology.ts';

const TEST = signals('test', {
  plain: {
    type: 'counter',
    unit: 'joules',
    help: 'A "quoted" help.',
    labels: ['chip'],
    native: 'test_total',
  },
  spread: {
    type: 'histogram',
    help: 'A histogram.',
    native: { name: 'test_seconds', scale: 0.001 },
  },
});
/** Its labels are known only at run time. */
const FREE: Signal = { ...TEST.plain, id: 'test.free', labels: undefined };

const pipe = (layout: Layout): WireTopology => JSON.parse(JSON.stringify(encodeTopology(layout)));

test('every series arrives as it is, whichever slots the two boards give it', () => {
  const child = new Layout(new Board());
  const draft = child.draft('any');
  const plain = draft.slot(TEST.plain, { chip: 'nct6775-isa-0290', fact: 'hidden ü"\n' });
  const spread = draft.slot(TEST.spread, {}, { bounds: [1, 2.5], collector: 'other' });
  const free = draft.slot(FREE, { pod: 'a' }, { suffix: '_created' });
  draft.commit();

  const parent = new Layout(new Board());
  const other = parent.draft('host');
  other.slot(TEST.plain, { chip: 'own' });
  other.commit();
  const map = new SlotMap(pipe(child), parent, 'probe:x');

  const shape = (layout: Layout, source: string) =>
    [...layout.series(source)].map(({ slot: _, start: __, source: ___, ...rest }) => rest);
  expect(shape(parent, 'probe:x')).toEqual(shape(child, 'any'));
  expect(map.version).toBe(child.version);

  const frame = new Float64Array(child.board.used);
  for (const [i, slot] of [plain, spread, spread + 1, spread + 2, spread + 3, free].entries()) {
    frame[slot] = i + 1;
  }
  map.copy(frame, parent.board.values);
  const values = [...parent.series('probe:x')].map((s) => [
    ...parent.board.values.subarray(s.slot, s.slot + s.size),
  ]);
  expect(values).toEqual([[1], [2, 3, 4, 5], [6]]);
  map.withdraw(parent.board.values);
  expect(parent.board.values.every((v) => Number.isNaN(v))).toBe(true);
});

test('labels that a series has from the one before it are said once, and arrive all the same', () => {
  const child = new Layout(new Board());
  const draft = child.draft('any');
  const gpu = { device: '0', uuid: 'GPU-0' };
  const all: Labels[] = [
    gpu,
    gpu,
    { ...gpu, chip: 'a' },
    { ...gpu, chip: 'b' },
    { device: '0' },
    {},
    { uuid: 'GPU-0', device: '0' },
    { device: '1', uuid: 'GPU-0' },
  ];
  for (const [i, labels] of all.entries()) draft.slot(FREE, labels, { suffix: `_${i}` });
  draft.commit();
  const wire = pipe(child);
  expect(wire.series.map((s) => s.labels).slice(1, 5)).toEqual([
    {},
    { chip: 'a' },
    { chip: 'b' },
    {},
  ]);
  const parent = new Layout(new Board());
  new SlotMap(wire, parent, 'probe:x');
  expect([...parent.series()].map((s) => JSON.stringify(s.labels))).toEqual(
    all.map((labels) => JSON.stringify(labels)),
  );
});

test('a series that stays keeps its slot and its start when others come and go', () => {
  const child = new Layout(new Board());
  const declare = (...chips: string[]): WireTopology => {
    const draft = child.draft('any');
    for (const chip of chips) draft.slot(TEST.plain, { chip });
    draft.commit();
    return pipe(child);
  };
  let now = 1000;
  const parent = new Layout(new Board(), () => now);
  const find = (chip: string) => [...parent.series()].find((s) => s.labels['chip'] === chip);
  new SlotMap(declare('a', 'b'), parent, 'probe:x');
  const before = find('b');
  now = 2000;
  new SlotMap(declare('b', 'c'), parent, 'probe:x');
  expect(find('b')).toEqual(before);
  expect(find('a')).toBeUndefined();
  expect(find('c')?.start).toBe(2000);
});

test('withdraw() says that sources are down, keeps when they last worked, and forgets the rest', () => {
  const child = new Layout(new Board());
  const draft = child.draft('registry');
  draft.slot(SELF.sourceUp, { source: 'hwmon' });
  draft.slot(SELF.collectorSuccess, { collector: 'hwmon' });
  draft.slot(SELF.sourceLastSuccess, { source: 'hwmon' });
  draft.slot(SELF.sourceDuration, { source: 'hwmon' });
  draft.commit();
  const parent = new Layout(new Board());
  const map = new SlotMap(pipe(child), parent, 'probe:x');
  map.copy(Float64Array.of(1, 1, 1_763_600_000, 0.001), parent.board.values);
  map.withdraw(parent.board.values);
  const said = [...parent.series()].map((s) => parent.board.values[s.slot]);
  expect(said).toEqual([0, 0, 1_763_600_000, Number.NaN]);
});

test('a topology that names a signal it does not describe is refused', () => {
  const broken = { version: 1, signals: [], series: [{ signal: 0, same: 0, labels: {}, slot: 0 }] };
  expect(() => new SlotMap(broken, new Layout(new Board()), 'probe:x')).toThrow('no signal 0');
});
