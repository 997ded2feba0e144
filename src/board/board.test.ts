import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Board } from './board.ts';

const QUARANTINE = 60;

const block = (board: Board, slot: number, size: number): number[] => [
  ...board.values.subarray(slot, slot + size),
];

interface Block {
  readonly slot: number;
  readonly size: number;
  readonly values: readonly number[];
}

const overlap = (a: Omit<Block, 'values'>, b: Omit<Block, 'values'>): boolean =>
  a.slot < b.slot + b.size && b.slot < a.slot + a.size;

describe('Board', () => {
  test('allocate() hands out slots that nobody has, or had a moment ago, all absent', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ allocate: fc.integer({ min: 1, max: 6 }) }) },
      { weight: 3, arbitrary: fc.record({ free: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 50 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const board = new Board();
        let now = 1000;
        let live: Block[] = [];
        let freed: { readonly block: Block; readonly at: number }[] = [];
        for (const [n, s] of steps.entries()) {
          if ('wait' in s) now += s.wait;
          else if ('allocate' in s) {
            const size = s.allocate;
            const slot = board.allocate(size, now);
            expect(block(board, slot, size)).toEqual(Array(size).fill(Number.NaN));
            freed = freed.filter((f) => f.at + QUARANTINE > now);
            for (const other of [...live, ...freed.map((f) => f.block)]) {
              expect(overlap({ slot, size }, other)).toBe(false);
            }
            const values = Array.from({ length: size }, (_, i) => n * 10 + i);
            board.values.set(values, slot);
            live.push({ slot, size, values });
          } else if (live.length > 0) {
            const gone = live[s.free % live.length] as Block;
            live = live.filter((b) => b !== gone);
            board.free(gone.slot, gone.size, now);
            freed.push({ block: gone, at: now });
            expect(block(board, gone.slot, gone.size)).toEqual(Array(gone.size).fill(Number.NaN));
          }
          for (const b of live) expect(block(board, b.slot, b.size)).toEqual([...b.values]);
        }
      }),
    );
  });

  test('allocate() hands a freed block out again once it has rested, and not before', () => {
    const board = new Board();
    const first = board.allocate(3, 0);
    board.free(first, 3, 100);
    expect(board.allocate(3, 100 + QUARANTINE - 0.001)).not.toBe(first);
    expect(board.allocate(2, 100 + QUARANTINE)).not.toBe(first);
    expect(board.allocate(3, 100 + QUARANTINE)).toBe(first);
    expect(board.allocate(3, 100 + QUARANTINE)).not.toBe(first);
  });

  test('series that come and go for ever need no more and more slots', () => {
    const board = new Board();
    let used = 0;
    for (let minute = 0; minute < 1000; minute++) {
      const slots = [1, 1, 7].map((size) => [board.allocate(size, minute * 60), size] as const);
      for (const [slot, size] of slots) board.free(slot, size, minute * 60);
      if (minute === 5) used = board.used;
    }
    expect(board.used).toBe(used);
  });

  test('growing keeps every value, and what is new is absent', () => {
    const board = new Board();
    for (let i = 0; i < 20_000; i++) {
      const slot = board.allocate(1, 0);
      board.values[slot] = i;
    }
    expect(board.used).toBe(20_000);
    expect([...board.values.subarray(0, 20_000)]).toEqual(
      Array.from({ length: 20_000 }, (_, i) => i),
    );
    const large = board.allocate(100_000, 0);
    expect(board.values.length).toBeGreaterThanOrEqual(large + 100_000);
    expect(board.values.subarray(large).every((v) => Number.isNaN(v))).toBe(true);
  });
});
