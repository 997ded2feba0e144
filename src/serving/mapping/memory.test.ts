import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { engineWith, figures, shown } from './mapping.fixture.ts';
import { Memory } from './memory.ts';

const ENGINE = engineWith({
  generated: [{ counter: [{ name: 't:tokens' }] }],
  duration: [{ histogram: 't:h' }],
  batch: [{ mean: [{ name: 't:done' }, { name: 't:batches' }] }],
});

/** What is shown after each of the pages, two seconds apart. */
function after(...pages: string[]): Record<string, readonly number[]>[] {
  const memory = new Memory();
  return pages.map((page, i) => shown(memory.add(figures(page, ENGINE), 2 * i)));
}

describe('a counter of two ranks', () => {
  const page = (...ranks: (number | undefined)[]) =>
    ranks.map((v, i) => (v === undefined ? '' : `t:tokens{r="${i}"} ${v}\n`)).join('');
  const totals = (...pages: string[]) => after(...pages).map((p) => p['generated']?.[0]);

  test('is their sum', () => expect(totals(page(10, 20), page(11, 25))).toEqual([30, 36]));
  test('does not fall when one starts again', () =>
    expect(totals(page(10, 20), page(3, 21))).toEqual([30, 34]));
  test('does not fall when one is away, nor count it twice when it is back', () =>
    expect(totals(page(10, 20), page(undefined, 21), page(12, 22))).toEqual([30, 31, 34]));
});

test('tokens per second are those between two pages', () => {
  const rates = after('t:tokens 10\n', 't:tokens 30\n', 't:tokens 5\n').map(
    (p) => p['tokensPerSecond'],
  );
  expect(rates).toEqual([undefined, [10], [2.5]]);
});

test('a mean is that of what came between two pages, and absent where nothing came', () => {
  const page = (done: number, batches: number) => `t:done ${done}\nt:batches ${batches}\n`;
  const means = after(page(100, 50), page(112, 53), page(112, 53)).map((p) => p['batch']);
  expect(means).toEqual([undefined, [4], undefined]);
});

const histogram = (rank: number, buckets: readonly number[], sum: number): string =>
  buckets
    .slice(0, -1)
    .map((n, i) => `t:h_bucket{r="${rank}",le="${i}"} ${n}\n`)
    .join('')
    .concat(`t:h_sum{r="${rank}"} ${sum}\nt:h_count{r="${rank}"} ${buckets.at(-1)}\n`);

test('a histogram of two ranks is their sum, and goes on when one starts again', () => {
  const both = (a: readonly number[], b: readonly number[]) =>
    histogram(0, a, 1) + histogram(1, b, 1);
  expect(
    after(both([1, 2, 3], [1, 1, 1]), both([0, 1, 1], [1, 1, 2])).map((p) => p['duration']),
  ).toEqual([
    [2, 3, 4, 2],
    [2, 4, 6, 3],
  ]);
});

test('a histogram whose engine was configured with other bounds begins anew', () => {
  const [, second] = after(histogram(0, [1, 2, 3], 1), histogram(0, [1, 2, 3, 4], 1));
  expect(second?.['duration']).toEqual([1, 2, 3, 4, 1]);
});

test('whatever ranks do, no sum falls and no histogram contradicts itself', () => {
  const count = fc.nat({ max: 20 });
  const rank = fc.option(fc.tuple(count, count, count));
  fc.assert(
    fc.property(fc.array(fc.tuple(rank, rank), { minLength: 2, maxLength: 12 }), (pages) => {
      const texts = pages.map((ranks) =>
        ranks
          .map((buckets, i) =>
            buckets === null
              ? ''
              : `t:tokens{r="${i}"} ${buckets[0]}\n${histogram(i, buckets, buckets[2])}`,
          )
          .join(''),
      );
      const seen = after(...texts);
      let tokens = 0;
      let before: readonly number[] = [0, 0, 0, 0];
      for (const { generated, duration } of seen) {
        expect(generated?.[0] ?? tokens).toBeGreaterThanOrEqual(tokens);
        tokens = generated?.[0] ?? tokens;
        const now = duration ?? before;
        expect(now.every((x, i) => x >= (before[i] as number))).toBe(true);
        expect(
          (now[0] as number) <= (now[1] as number) && (now[1] as number) <= (now[2] as number),
        ).toBe(true);
        before = now;
      }
    }),
  );
});

test('ranks that never come again are forgotten, and what they counted is not', () => {
  const memory = new Memory();
  const RANKS = 4000;
  const page = (i: number): string =>
    Array.from({ length: RANKS }, (_, k) => `t:tokens{r="${i}-${k}"} 1\n`).join('') +
    histogram(i, [1, 2, 3], 1);
  for (let i = 1; i <= 12; i++) {
    const seen = shown(memory.add(figures(page(i), ENGINE), i));
    expect([seen['generated'], seen['duration']]).toEqual([[RANKS * i], [i, 2 * i, 3 * i, i]]);
    expect(memory.ranks).toBeLessThan(15_000);
  }
});
