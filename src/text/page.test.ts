import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Board, SAID_NAN } from '../board/board.ts';
import { type Labels, Layout } from '../board/layout.ts';
import { type Dialect, signal } from '../catalog/signal.ts';
import type { Format } from './format.ts';
import { Page } from './page.ts';

const READS = signal('disk', 'reads', {
  type: 'counter',
  help: 'Reads.',
  labels: ['device'],
  native: 'diskio_reads_total',
  node: 'node_disk_reads_total',
});
const TEMPERATURE = signal('hwmon', 'temp', {
  type: 'gauge',
  unit: 'celsius',
  help: 'Back\\slash and\nnew line and "quotes".',
  labels: ['chip'],
  native: { name: 'temperature_celsius', labels: { chip: 'name' }, select: { kind: 'cpu' } },
  node: { name: 'temperature_milli', scale: 1000 },
});
const LATENCY = signal('self', 'latency', {
  type: 'histogram',
  unit: 'seconds',
  help: 'Latency.',
  native: 'latency_seconds',
});
const OLD = signal('stat', 'intr', { type: 'counter', help: 'Interrupts.', native: 'interrupts' });

function fixture() {
  const layout = new Layout(new Board(), () => 1);
  const draft = layout.draft('test');
  const set = (slot: number, ...values: number[]): void => {
    for (const [i, v] of values.entries()) layout.board.values[slot + i] = v;
  };
  const render = (dialects: readonly Dialect[], format: Format = 'text', all = true): string => {
    const page = new Page(layout, dialects, format);
    const end = page.render(
      layout.board.values,
      page.mask((c) => all || c === 'disk'),
    );
    return new TextDecoder().decode(page.bytes.subarray(page.start, end));
  };
  const add = (s: typeof READS, labels: Labels, value: number): number => {
    const slot = draft.slot(s, labels);
    set(slot, value);
    return slot;
  };
  return { layout, draft, set, add, render };
}

describe('Page', () => {
  test('render() writes HELP and TYPE once and families contiguous, in the order of their names', () => {
    const { draft, add, render } = fixture();
    add(READS, { device: 'sda' }, 1);
    add(OLD, {}, 7);
    add(READS, { device: 'sdb' }, 2);
    draft.commit();
    expect(render(['native'])).toBe(
      '# HELP diskio_reads_total Reads.\n# TYPE diskio_reads_total counter\n' +
        'diskio_reads_total{device="sda"} 1\ndiskio_reads_total{device="sdb"} 2\n' +
        '# HELP interrupts Interrupts.\n# TYPE interrupts counter\ninterrupts 7\n',
    );
  });

  test('render() leaves out an absent line, and a family without any', () => {
    const { draft, add, render } = fixture();
    add(READS, { device: 'sda' }, Number.NaN);
    add(READS, { device: 'sdb' }, 0);
    add(OLD, {}, Number.NaN);
    draft.commit();
    const text = render(['native']);
    expect(text).toContain('diskio_reads_total{device="sdb"} 0\n');
    expect(text).not.toContain('sda');
    expect(text).not.toContain('interrupts');
  });

  test('render() speaks several dialects at once, each with its labels, scale and selection', () => {
    const { draft, add, render } = fixture();
    add(TEMPERATURE, { chip: 'core', kind: 'cpu' }, 41.5);
    add(TEMPERATURE, { chip: 'disk', kind: 'nvme' }, 30);
    draft.commit();
    const text = render(['native', 'node']);
    expect(text).toContain('temperature_celsius{name="core"} 41.5\n');
    expect(text).not.toContain('temperature_celsius{name="disk"}');
    expect(text).toContain('temperature_milli{chip="core"} 41500\n');
    expect(text).toContain('temperature_milli{chip="disk"} 30000\n');
  });

  test('render() leaves out a label that the series does not have', () => {
    const { draft, add, render } = fixture();
    add(READS, { part: '1' }, 3);
    add(TEMPERATURE, { kind: 'cpu' }, 41.5);
    draft.commit();
    const text = render(['native']);
    expect(text).toContain('diskio_reads_total 3\n');
    expect(text).toContain('temperature_celsius 41.5\n');
  });

  test('render() writes a whole number when the scaled value is one but for rounding', () => {
    const share = signal('gpu', 'share', {
      type: 'gauge',
      help: 'Share.',
      native: { name: 'share_percent', scale: 100 },
    });
    const { layout, draft, render } = fixture();
    const slot = draft.slot(share);
    draft.commit();
    for (let percent = 0; percent <= 100; percent++) {
      layout.board.values[slot] = percent / 100;
      expect(render(['native'])).toContain(`share_percent ${percent}\n`);
    }
    layout.board.values[slot] = 0.123456;
    expect(render(['native'])).toContain('share_percent 12.3456\n');
  });

  test('render() writes OpenMetrics: family without _total, unknown for a counter that has none, UNIT, EOF', () => {
    const { draft, add, render } = fixture();
    add(READS, { device: 'sda' }, 1);
    add(OLD, {}, 7);
    add(TEMPERATURE, { chip: 'core', kind: 'cpu' }, 41.5);
    draft.commit();
    expect(render(['native'], 'openmetrics')).toBe(
      '# HELP diskio_reads Reads.\n# TYPE diskio_reads counter\ndiskio_reads_total{device="sda"} 1\n' +
        '# HELP interrupts Interrupts.\n# TYPE interrupts unknown\ninterrupts 7\n' +
        '# HELP temperature_celsius Back\\\\slash and\\nnew line and \\"quotes\\".\n' +
        '# TYPE temperature_celsius gauge\n# UNIT temperature_celsius celsius\n' +
        'temperature_celsius{name="core"} 41.5\n# EOF\n',
    );
  });

  test('render() writes a histogram with +Inf, sum and count; bounds read 1.0 in OpenMetrics', () => {
    const { draft, set, render } = fixture();
    set(draft.slot(LATENCY, {}, { bounds: [0.5, 1] }), 2, 3, 4, 9.25);
    draft.commit();
    expect(render(['native'])).toContain(
      'latency_seconds_bucket{le="0.5"} 2\nlatency_seconds_bucket{le="1"} 3\n' +
        'latency_seconds_bucket{le="+Inf"} 4\nlatency_seconds_sum 9.25\nlatency_seconds_count 4\n',
    );
    expect(render(['native'], 'openmetrics')).toContain('le="1.0"');
  });

  test('render() prints NaN only where a source said NaN', () => {
    const { draft, add, render } = fixture();
    add(OLD, {}, SAID_NAN);
    draft.commit();
    expect(render(['native'])).toContain('interrupts NaN\n');
  });

  test('render() shows only the collectors of the mask', () => {
    const { draft, add, render } = fixture();
    add(READS, { device: 'sda' }, 1);
    add(OLD, {}, 7);
    draft.commit();
    const text = render(['native'], 'text', false);
    expect(text).toContain('diskio_reads_total');
    expect(text).not.toContain('interrupts');
  });

  test('a label value reads back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { draft, add, render } = fixture();
        add(READS, { device: value }, 1);
        draft.commit();
        const line = render(['native']).split('\n')[2] ?? '';
        const written = /^diskio_reads_total\{device="(.*)"\} 1$/s.exec(line)?.[1];
        const read = written?.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
        expect(read).toBe(value.toWellFormed());
      }),
    );
  });

  test('of two series with one name and label set the first is shown', () => {
    const { layout, draft, add, render } = fixture();
    add(OLD, {}, 1);
    draft.commit();
    const other = layout.draft('other');
    layout.board.values[other.slot(OLD, {})] = 2;
    other.commit();
    expect(render(['native']).match(/^interrupts .*$/gm)).toEqual(['interrupts 1']);
  });
});
