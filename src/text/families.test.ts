import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { type Draft, type Labels, Layout, type SeriesOptions } from '../board/layout.ts';
import { type Dialect, type Row, type Signal, signal } from '../catalog/signal.ts';
import { families } from './families.ts';
import type { Format } from './format.ts';

const made = (key: string, row: Partial<Row>): Signal =>
  signal('disk', key, { type: 'gauge', help: 'Help.', labels: ['device'], ...row });

class Machine {
  readonly layout = new Layout(new Board(), () => 1);
  #sources = 0;

  /** Declares series, each with its slot as a source of its own would. */
  declare(of: Signal, labels: Labels = {}, options: SeriesOptions = {}): number {
    return this.source((draft) => draft.slot(of, labels, options));
  }

  source<T>(describe: (draft: Draft) => T): T {
    const draft = this.layout.draft(`source ${this.#sources++}`);
    const out = describe(draft);
    draft.commit();
    return out;
  }

  families(dialects: readonly Dialect[] = ['native'], format: Format = 'text') {
    return families(this.layout.series(), dialects, format);
  }

  /** The fixed text of every line. */
  lines(dialects: readonly Dialect[] = ['native'], format: Format = 'text'): string[] {
    return this.families(dialects, format).flatMap((f) => f.lines.map((l) => l.text));
  }
}

describe('families()', () => {
  test('is in the order of names, each once, whichever sources and dialects give to it', () => {
    const machine = new Machine();
    machine.declare(made('z', { native: 'z' }), { device: '1' });
    machine.declare(made('a', { native: 'a', node: 'z' }), { device: '2' });
    machine.declare(made('Z', { node: 'Z' }), { device: '3' });
    machine.declare(made('z', { native: 'z' }), { device: '4' });
    expect(machine.families(['native', 'node']).map((f) => f.name)).toEqual(['Z', 'a', 'z']);
    expect(machine.lines(['native', 'node'])).toEqual([
      'Z{device="3"} ',
      'a{device="2"} ',
      'z{device="1"} ',
      'z{device="2"} ',
      'z{device="4"} ',
    ]);
  });

  test('has only what the dialects name', () => {
    const machine = new Machine();
    machine.declare(made('a', { native: 'a' }));
    machine.declare(made('b', { node: 'b' }));
    machine.source((draft) => draft.scratch('c'));
    expect(machine.families(['native']).map((f) => f.name)).toEqual(['a']);
    expect(machine.families(['node']).map((f) => f.name)).toEqual(['b']);
    expect(machine.families([])).toEqual([]);
  });

  test('shows a series once where two dialects call it the same', () => {
    const machine = new Machine();
    machine.declare(made('a', { native: 'a', node: 'a' }), { device: 'x' });
    expect(machine.lines(['native', 'node'])).toEqual(['a{device="x"} ']);
    expect(machine.lines(['native', 'native'])).toEqual(['a{device="x"} ']);
  });

  test('of two series with one name and label set the first wins, in whatever order the labels are', () => {
    const machine = new Machine();
    const first = machine.declare(made('a', { native: 'a', labels: ['x', 'y'] }), {
      x: '1',
      y: '2',
    });
    machine.declare(made('b', { native: 'a', labels: ['y', 'x'] }), { x: '1', y: '2' });
    machine.declare(made('c', { native: 'a', labels: ['x', 'y'] }), { x: '2', y: '1' });
    expect(machine.lines()).toEqual(['a{x="1",y="2"} ', 'a{x="2",y="1"} ']);
    expect(machine.families()[0]?.lines[0]?.slot).toBe(first);
  });

  test('tells suffixes of one family apart, and a suffix is part of the sample’s name', () => {
    const machine = new Machine();
    const summary = made('a', { native: 'a', type: 'summary', labels: [] });
    machine.source((draft) => {
      draft.slot(summary, {}, { suffix: '_sum' });
      draft.slot(summary, {}, { suffix: '_count' });
      draft.slot(summary);
    });
    expect(machine.lines()).toEqual(['a_sum ', 'a_count ', 'a ']);
    expect(machine.families().map((f) => f.head)).toEqual(['# HELP a Help.\n# TYPE a summary\n']);
  });

  test('of two types and helps the first wins', () => {
    const machine = new Machine();
    machine.declare(made('a', { native: 'a', type: 'counter', help: 'One.' }), { device: '1' });
    machine.declare(made('b', { native: 'a', type: 'gauge', help: 'Two.' }), { device: '2' });
    expect(machine.families().map((f) => f.head)).toEqual(['# HELP a One.\n# TYPE a counter\n']);
  });

  test('says type and help as the dialect does, otherwise as the signal does', () => {
    const machine = new Machine();
    machine.declare(
      made('a', {
        type: 'counter',
        native: 'a',
        node: { name: 'b', type: 'unknown', help: 'Other.' },
      }),
    );
    expect(machine.families(['native', 'node']).map((f) => f.head)).toEqual([
      '# HELP a Help.\n# TYPE a counter\n',
      '# HELP b Other.\n# TYPE b untyped\n',
    ]);
  });

  test('shows the labels of the signal in their order, and facts not at all', () => {
    const machine = new Machine();
    const of = made('a', { native: 'a', labels: ['device', 'mode'] });
    machine.declare(of, { fact: '1', mode: 'rw', device: 'x' });
    machine.declare(of, { device: 'y' });
    expect(machine.lines()).toEqual(['a{device="x",mode="rw"} ', 'a{device="y"} ']);
  });

  test('shows every label of a signal whose labels are known only at run time', () => {
    const machine = new Machine();
    machine.declare({ ...made('a', { native: 'a' }), labels: undefined }, { y: '1', x: '2' });
    expect(machine.lines()).toEqual(['a{y="1",x="2"} ']);
  });

  test('renames and leaves out labels as the dialect does', () => {
    const machine = new Machine();
    const native = { name: 'a', labels: { fact: 'kind', device: 'name', missing: 'gone' } };
    const of = made('a', { native, node: 'b', labels: ['device', 'mode'] });
    machine.declare(of, { device: 'x', mode: 'rw', fact: '1' });
    expect(machine.lines(['native', 'node'])).toEqual([
      'a{kind="1",name="x"} ',
      'b{device="x",mode="rw"} ',
    ]);
  });

  test('has only series that the dialect selects, by label or fact', () => {
    const machine = new Machine();
    const of = made('a', {
      native: { name: 'a', select: { kind: 'cpu', device: 'x' } },
      node: 'b',
    });
    machine.declare(of, { device: 'x', kind: 'cpu' });
    machine.declare(of, { device: 'y', kind: 'cpu' });
    machine.declare(of, { device: 'x', kind: 'disk' });
    machine.declare(of, { device: 'x' });
    expect(machine.lines()).toEqual(['a{device="x"} ']);
    // A dialect that is not chosen by it shows all of them, each name and label set once.
    expect(machine.lines(['node'])).toEqual(['b{device="x"} ', 'b{device="y"} ']);
  });

  test('shows a line with the collector of its series, its slot and its scale', () => {
    const machine = new Machine();
    const of = made('a', { native: { name: 'a', scale: 1000 }, node: 'b', labels: [] });
    const slot = machine.declare(of, {}, { collector: 'other' });
    const [a, b] = machine.families(['native', 'node']);
    expect(a?.lines).toEqual([{ text: 'a ', slot, scale: 1000, collector: 'other' }]);
    expect(b?.lines).toEqual([{ text: 'b ', slot, scale: 1, collector: 'other' }]);
  });

  test('writes a histogram bucket by bucket, of which count and buckets are never scaled', () => {
    const machine = new Machine();
    const native = { name: 'a', scale: 1000 };
    const of = made('a', { type: 'histogram', native, labels: ['device'] });
    const slot = machine.declare(of, { device: 'x' }, { bounds: [0.5, 1] });
    const [family] = machine.families(['native'], 'openmetrics');
    expect(family?.lines.map((l) => [l.text, l.slot, l.scale])).toEqual([
      ['a_bucket{device="x",le="500.0"} ', slot, 1],
      ['a_bucket{device="x",le="1000.0"} ', slot + 1, 1],
      ['a_bucket{device="x",le="+Inf"} ', slot + 2, 1],
      ['a_sum{device="x"} ', slot + 3, 1000],
      ['a_count{device="x"} ', slot + 2, 1],
    ]);
  });
});
