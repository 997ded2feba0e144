import { describe, expect, test } from 'bun:test';
import { setUint64 } from './arena.ts';
import { LevelReader } from './rocm-smi-levels.ts';
import type { Levels, Link } from './rocm-smi-types.ts';

const NONE = 0xffff_ffff;

interface Given {
  readonly deepSleep?: boolean;
  readonly current: number;
  readonly frequencies: readonly number[];
  readonly lanes?: readonly number[];
}

/** rsmi_pcie_bandwidth_t of ROCm 5, which begins with its rsmi_frequencies_t. */
function rocm5({ current, frequencies, lanes = [] }: Given): DataView {
  const view = new DataView(new ArrayBuffer(4096));
  view.setUint32(0, frequencies.length, true);
  view.setUint32(4, current, true);
  frequencies.forEach((hertz, i) => {
    setUint64(view, 8 + 8 * i, hertz);
  });
  lanes.forEach((width, i) => {
    view.setUint32(264 + 4 * i, width, true);
  });
  return view;
}

/** The same of ROCm 6 and 7. */
function rocm6({ deepSleep = false, current, frequencies, lanes = [] }: Given): DataView {
  const view = new DataView(new ArrayBuffer(4096));
  view.setUint8(0, deepSleep ? 1 : 0);
  view.setUint32(4, frequencies.length, true);
  view.setUint32(8, current, true);
  frequencies.forEach((hertz, i) => {
    setUint64(view, 16 + 8 * i, hertz);
  });
  lanes.forEach((width, i) => {
    view.setUint32(280 + 4 * i, width, true);
  });
  return view;
}

const CLOCKS = { current: 1, frequencies: [500e6, 1_233e6, 2_526e6] } as const;

function read(view: DataView, wide: boolean): Levels | undefined {
  const out: Levels = { current: Number.NaN, min: Number.NaN, max: Number.NaN };
  return new LevelReader(wide).frequencies(view, out) ? out : undefined;
}

for (const [release, wide, make] of [
  ['ROCm 5', false, rocm5],
  ['ROCm 6', true, rocm6],
] as const) {
  describe(`levels of ${release}`, () => {
    test('are read where the library is taken for what it is, and where it is taken for the other', () => {
      const levels = { current: 1_233e6, min: 500e6, max: 2_526e6 };
      expect(read(make(CLOCKS), wide)).toEqual(levels);
      expect(read(make(CLOCKS), !wide)).toEqual(levels);
    });

    test('may be one alone, and have a clock that stands still', () => {
      const levels = { current: 0, min: 0, max: 0 };
      expect(read(make({ current: 0, frequencies: [0] }), wide)).toEqual(levels);
    });

    test('have no current one where none is told', () => {
      expect(read(make({ ...CLOCKS, current: NONE }), wide)).toMatchObject({
        current: Number.NaN,
        max: 2_526e6,
      });
    });

    test('are refused where they can be of neither release', () => {
      const clocks = Array.from({ length: 40 }, (_, i) => 1e9 + i);
      expect(read(make({ current: 0, frequencies: clocks }), wide)).toBeUndefined();
      expect(read(make({ current: 3, frequencies: CLOCKS.frequencies }), wide)).toBeUndefined();
      expect(read(make({ current: 0, frequencies: [7] }), wide)).toBeUndefined();
      expect(read(make({ current: 0, frequencies: [] }), wide)).toBeUndefined();
    });

    test('of a link come with lanes', () => {
      const link: Link = {
        current: Number.NaN,
        min: Number.NaN,
        max: Number.NaN,
        width: Number.NaN,
        maxWidth: Number.NaN,
      };
      const view = make({ current: 0, frequencies: [2.5e9, 16e9], lanes: [1, 16] });
      expect(new LevelReader(wide).link(view, link)).toBe(true);
      expect(link).toEqual({ current: 2.5e9, min: 2.5e9, max: 16e9, width: 1, maxWidth: 16 });
      new LevelReader(wide).link(
        make({ current: NONE, frequencies: [2.5e9, 16e9], lanes: [1, 16] }),
        link,
      );
      expect(link).toMatchObject({ current: Number.NaN, width: Number.NaN, maxWidth: 16 });
    });
  });
}

test('a clock of deep sleep is the current one and not the lowest level', () => {
  const view = rocm6({ deepSleep: true, current: 0, frequencies: [132e6, 500e6, 2_100e6] });
  const levels = { current: 132e6, min: 500e6, max: 2_100e6 };
  expect(read(view, true)).toEqual(levels);
  expect(read(view, false)).toEqual(levels);
});
