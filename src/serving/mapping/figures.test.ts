import { describe, expect, test } from 'bun:test';
import { sglang } from '../engines/sglang.ts';
import { triton } from '../engines/triton.ts';
import { vllm } from '../engines/vllm.ts';
import { figuresOf } from './figures.ts';
import { collected, engineWith, figures } from './mapping.fixture.ts';

const gauge = (reduce: 'sum' | 'mean' | 'max') =>
  engineWith({ queue: [{ gauge: { name: 't:q' }, reduce }] }, { repeats: ['tp_rank'] });

describe('ranks', () => {
  const page = 't:q{dp="0",tp_rank="0"} 2\nt:q{dp="0",tp_rank="1"} 2\nt:q{dp="1",tp_rank="0"} 6\n';
  test.each([
    ['sum', 8],
    ['mean', 4],
    ['max', 6],
  ] as const)('that repeat each other count once, the others are reduced: %s', (reduce, value) => {
    expect(figures(page, gauge(reduce))).toEqual([
      { signal: 'queue', labels: {}, kind: 'gauge', value },
    ]);
  });
});

describe('the model', () => {
  const engine = engineWith({
    queue: [{ gauge: { name: 't:q' }, reduce: 'sum' }],
    batch: [{ gauge: { name: 't:b' }, reduce: 'sum' }],
  });
  const models = (page: string, spare?: string) =>
    figures(page, engine, spare).map((f) => [f.signal, f.labels['model']]);

  test('is that of the sample', () =>
    expect(models('t:q{model="a"} 1\nt:q{model="b"} 1\n')).toEqual([
      ['queue', 'a'],
      ['queue', 'b'],
    ]));
  test('is the page’s only one where a sample says none', () =>
    expect(models('t:q{model="a"} 1\nt:b 1\n', 'spare')).toEqual([
      ['queue', 'a'],
      ['batch', 'a'],
    ]));
  test('is what is known otherwise where the page has none or several', () =>
    expect(models('t:q{model="a"} 1\nt:q{model="b"} 1\nt:b 1\n', 'spare')).toContainEqual([
      'batch',
      'spare',
    ]));
  test('is left out where nobody knows it', () =>
    expect(models('t:b 1\n')).toEqual([['batch', undefined]]));
});

describe('of several rules each model has the first that there is anything of', () => {
  const engine = engineWith({
    queue: [
      { gauge: { name: 't:new' }, reduce: 'sum' },
      { gauge: { name: 't:old' }, reduce: 'sum' },
    ],
  });
  const values = (page: string, spare?: string) =>
    figures(page, engine, spare).map((f) => [
      f.labels['model'],
      f.kind === 'gauge' ? f.value : Number.NaN,
    ]);

  test('whatever another model on the page has', () =>
    expect(values('t:old{model="a"} 1\nt:old{model="b"} 2\nt:new{model="a"} 3\n')).toEqual([
      ['a', 3],
      ['b', 2],
    ]));
  test('and what says no model is taken of the first rule alone', () => {
    expect(values('t:new{model="a"} 1\nt:new{model="b"} 2\nt:old 3\n')).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(values('t:new 3\nt:old{model="a"} 1\nt:old{model="b"} 2\n')).toEqual([[undefined, 3]]);
    expect(values('t:new{model="a"} 1\nt:old 3\n')).toEqual([['a', 1]]);
    const cache = engineWith({
      cacheUsage: [
        { ratio: [{ name: 't:used' }, { name: 't:max' }] },
        { gauge: { name: 't:share' }, reduce: 'mean' },
      ],
    });
    expect(figures('t:max 8\nt:share 0.5\n', cache)).toMatchObject([{ value: 0.5 }]);
  });
});

test('labels are translated, and what is not in the table stays', () => {
  const engine = engineWith({
    requests: [
      {
        counter: [
          { name: 't:ok', labels: { status: 'success' } },
          { name: 't:bad', labels: { status: { from: 'why', map: { '': 'error', b: 'beta' } } } },
        ],
      },
    ],
  });
  const page = 't:ok 1\nt:bad{why="Kind.A"} 2\nt:bad{why="B"} 3\nt:bad 4\n';
  const byStatus = figures(page, engine).map((f) => [
    f.labels['status'],
    f.kind === 'counter' && [...f.ranks.values()],
  ]);
  expect(byStatus).toEqual([
    ['success', [1]],
    ['a', [2]],
    ['beta', [3]],
    ['error', [4]],
  ]);
  const vllmPage = 'vllm:request_success_total{model_name="m"} 5\n';
  expect(figures(vllmPage, vllm).map((f) => [f.signal, f.labels])).toEqual([
    ['requests', { model: 'm', status: 'success' }],
    ['finished', { model: 'm', finish_reason: 'unknown' }],
  ]);
});

test('a share is of sums, and there is none of nothing', () => {
  const engine = engineWith({ cacheUsage: [{ ratio: [{ name: 't:used' }, { name: 't:max' }] }] });
  const page = 't:used{r="0"} 1\nt:used{r="1"} 2\nt:max{r="0"} 2\nt:max{r="1"} 10\n';
  expect(figures(page, engine)).toMatchObject([{ signal: 'cacheUsage', value: 0.25 }]);
  for (const other of ['t:used 0\nt:max 0\n', 't:used 1\n', 't:max 1\n']) {
    expect(figuresOf(collected(other, engine), engine, undefined)).toEqual({
      figures: [],
      incomplete: 0,
    });
  }
});

test('a product is of the sum of one and the size of the other', () => {
  const engine = engineWith({
    cacheCapacityTokens: [{ product: [{ name: 't:blocks' }, { name: 't:size' }], reduce: 'sum' }],
  });
  const page = 't:blocks{r="0"} 10\nt:blocks{r="1"} 20\nt:size{r="0"} 16\nt:size{r="1"} 16\n';
  expect(figures(page, engine)).toMatchObject([{ value: 480 }]);
  const half = figuresOf(collected('t:blocks 10\n', engine), engine, undefined);
  expect(half).toEqual({ figures: [], incomplete: 0 });
});

describe('histograms', () => {
  const engine = engineWith(
    { duration: [{ histogram: 't:h', scale: 0.001 }] },
    { repeats: ['tp'] },
  );
  const page = (rank: string, les: readonly string[], count: number) =>
    les.map((le) => `t:h_bucket{${rank},le="${le}"} 1\n`).join('') +
    `t:h_bucket{${rank},le="+Inf"} ${count}\nt:h_sum{${rank}} 500\nt:h_count{${rank}} ${count}\n`;
  const ranksOf = (text: string) => {
    const [figure] = figures(text, engine);
    return figure?.kind === 'histogram' ? [...figure.ranks.values()].map((h) => [...h.values]) : [];
  };

  test('are scaled, bounds and sum', () => {
    const [figure] = figures(page('r="0"', ['100', '250.0'], 3), engine);
    expect(figure?.kind === 'histogram' && [...figure.ranks.values()]).toEqual([
      { bounds: [0.1, 0.25], values: Float64Array.of(1, 1, 3, 0.5) },
    ]);
  });
  test('of ranks that repeat each other are that which saw most', () => {
    expect(ranksOf(page('tp="0"', ['100'], 3) + page('tp="1"', ['100'], 4))).toEqual([[1, 4, 0.5]]);
  });
  test('of other ranks stay apart', () => {
    expect(ranksOf(page('r="0"', ['100'], 3) + page('r="1"', ['100'], 4))).toEqual([
      [1, 3, 0.5],
      [1, 4, 0.5],
    ]);
  });
  test('that were cut are left out and counted', () => {
    const cut = 't:h_bucket{r="0",le="100"} 1\nt:h_bucket{r="0",le="+Inf"} 3\n';
    expect(figuresOf(collected(cut, engine), engine, undefined)).toEqual({
      figures: [],
      incomplete: 1,
    });
    const whole = page('r="0"', ['100'], 3) + cut.replaceAll('r="0"', 'r="1"');
    expect(ranksOf(whole)).toEqual([[1, 3, 0.5]]);
  });
  test('that the server wrote while they moved rise from bound to bound', () => {
    const odd =
      't:h_bucket{le="100"} 5\nt:h_bucket{le="200"} 4\nt:h_bucket{le="+Inf"} 6\nt:h_sum 1\nt:h_count 5\n';
    expect(ranksOf(odd)).toEqual([[5, 5, 6, 0.001]]);
  });
});

test('a sum and counts are a histogram without bounds', () => {
  const engine = engineWith({
    duration: [
      { sum: { name: 't:us', scale: 1e-6 }, count: [{ name: 't:ok' }, { name: 't:bad' }] },
    ],
  });
  const [figure] = figures('t:us 3000000\nt:ok 2\nt:bad 1\n', engine);
  expect(figure?.kind === 'histogram' && [...figure.ranks.values()]).toEqual([
    { bounds: [], values: Float64Array.of(3, 3) },
  ]);
});

describe('a gauge of several parts', () => {
  const engine = engineWith(
    {
      queue: [
        { gauge: { name: 't:q' }, plus: [{ name: 't:more' }, { name: 't:other' }], reduce: 'sum' },
      ],
      cacheCapacityBytes: [{ gauge: { name: 't:cache' }, reduce: 'sum', each: true }],
    },
    { repeats: ['tp'] },
  );
  const valueIn = (page: string): number | undefined => {
    const [figure] = figures(page, engine);
    return figure?.kind === 'gauge' ? figure.value : undefined;
  };

  test('is their sum, ranks that repeat each other once', () =>
    expect(valueIn('t:q{tp="0"} 2\nt:q{tp="1"} 2\nt:more{tp="0"} 3\nt:more{tp="1"} 3\n')).toBe(5));
  test('is the first where the others are not there', () => expect(valueIn('t:q 2\n')).toBe(2));
  test('is not there without the first', () => expect(valueIn('t:more 2\n')).toBeUndefined());
  test('adds ranks that repeat other figures where each has its own', () =>
    expect(valueIn('t:cache{tp="0"} 2\nt:cache{tp="1"} 2\n')).toBe(4));
  test('is not known where a cache is said to hold nothing', () =>
    expect(valueIn('t:cache 0\n')).toBeUndefined());
});

describe('SGLang with priorities', () => {
  const page = (name: string): string =>
    ['', '1', '5']
      .map((p) => `sglang:${name}{model_name="m",priority="${p}"} ${p === '' ? 6 : 3}\n`)
      .join('');
  test.each([
    ['num_queue_reqs', 'queue'],
    ['num_running_reqs', 'batch'],
  ])('%s counts once', (name, signal) => {
    expect(figures(page(name), sglang)).toEqual([
      { signal, labels: { model: 'm' }, kind: 'gauge', value: 6 },
    ] as never);
  });
});

test('what an engine is told not to say is not taken for a page that was cut', () => {
  const page = 'nv_inference_request_success{model="a",version="1"} 7\n';
  const { figures: made, incomplete } = figuresOf(collected(page, triton), triton, undefined);
  expect([made.map((f) => f.signal), incomplete]).toEqual([['requests'], 0]);
});
