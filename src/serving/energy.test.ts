import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { type Labels, Layout } from '../board/layout.ts';
import { GPU_POWER } from '../catalog/gpu/power.ts';
import { GPU_HOLDER } from '../catalog/gpu/process.ts';
import { LLM_SERVER } from '../catalog/serving.ts';
import type { Signal } from '../catalog/signal.ts';
import { LlmEnergy } from './energy.ts';

type Row = readonly [Signal, Labels, number];

const joules = (uuid: string, value: number): Row => [
  GPU_POWER.energy,
  { device: '0', uuid },
  value,
];
const memory = (uuid: string, pid: number, value: number): Row => [
  GPU_HOLDER.memory,
  { uuid, pid: `${pid}` },
  value,
];
const busy = (uuid: string, pid: number, value: number): Row => [
  GPU_HOLDER.busy,
  { uuid, pid: `${pid}` },
  value,
];
const holds = (model: string, uuid: string, pid: number): Row => [
  LLM_SERVER.holder,
  { model, engine: 'vllm', endpoint: `h:${model}`, uuid, pid: `${pid}` },
  1,
];

class Machine {
  readonly layout = new Layout(new Board(), () => 0);
  readonly #energy = new LlmEnergy(this.layout);
  readonly #source = this.#energy.source();

  /** What the probes say now. */
  say(...rows: readonly Row[]): this {
    const draft = this.layout.draft('probe');
    const slots = rows.map(([signal, labels]) => draft.slot(signal, labels));
    draft.commit();
    for (const [i, [, , value]] of rows.entries())
      this.layout.board.values[slots[i] as number] = value;
    this.#energy.look();
    return this;
  }

  /** Joules by model. */
  get joules(): Record<string, number> {
    const draft = this.layout.draft('energy');
    this.#source.discover(draft);
    draft.commit();
    const { values } = this.layout.board;
    this.#source.sample(values);
    return Object.fromEntries(
      [...this.layout.series('energy')].map((s) => [
        s.labels['model'] ?? '',
        values[s.slot] as number,
      ]),
    );
  }
}

test('a server alone on a GPU has all that it used since it was there', () => {
  const on = [memory('A', 1, 100), busy('A', 1, 50), holds('m', 'A', 1)];
  const machine = new Machine().say(joules('A', 1000)).say(joules('A', 2000), ...on);
  expect(machine.joules).toEqual({ m: 0 });
  expect(machine.say(joules('A', 2500), ...on).joules).toEqual({ m: 500 });
});

test('a server on two GPUs has both', () => {
  const on = [memory('A', 1, 1), memory('B', 2, 1), holds('m', 'A', 1), holds('m', 'B', 2)];
  const machine = new Machine().say(joules('A', 0), joules('B', 100), ...on);
  expect(machine.say(joules('A', 10), joules('B', 120), ...on).joules).toEqual({ m: 30 });
});

describe('a GPU with two servers is split', () => {
  const split = (a: number, b: number, memoryA: number, memoryB: number) => {
    const on = [
      memory('A', 1, memoryA),
      memory('A', 2, memoryB),
      busy('A', 1, a),
      busy('A', 2, b),
      holds('m', 'A', 1),
      holds('n', 'A', 2),
    ];
    return new Machine().say(joules('A', 0), ...on).say(joules('A', 100), ...on).joules;
  };
  test('by their use of the multiprocessors', () =>
    expect(split(30, 10, 1, 1)).toEqual({ m: 75, n: 25 }));
  test('by their memory while both are idle', () =>
    expect(split(0, 0, 20, 80)).toEqual({ m: 20, n: 80 }));
  test('by their memory where their use is not known', () =>
    expect(split(Number.NaN, Number.NaN, 20, 80)).toEqual({ m: 20, n: 80 }));
  test('in halves where nothing is known', () =>
    expect(split(Number.NaN, Number.NaN, Number.NaN, Number.NaN)).toEqual({ m: 50, n: 50 }));
});

test('a process on two parts of a GPU has the memory of both', () => {
  const part = (pid: number, mig: string, value: number): Row => [
    GPU_HOLDER.memory,
    { uuid: 'A', mig_device: mig, pid: `${pid}` },
    value,
  ];
  const on = [
    part(1, '0', 30),
    part(1, '1', 30),
    part(2, '2', 20),
    holds('m', 'A', 1),
    holds('n', 'A', 2),
  ];
  expect(new Machine().say(joules('A', 0), ...on).say(joules('A', 80), ...on).joules).toEqual({
    m: 60,
    n: 20,
  });
});

test('what another process used is nobody’s', () => {
  const on = [
    memory('A', 1, 1),
    busy('A', 1, 25),
    memory('A', 9, 1),
    busy('A', 9, 75),
    holds('m', 'A', 1),
  ];
  expect(new Machine().say(joules('A', 0), ...on).say(joules('A', 100), ...on).joules).toEqual({
    m: 25,
  });
});

test('a counter that started again, and one that was away, add nothing', () => {
  const on = [memory('A', 1, 1), holds('m', 'A', 1)];
  const machine = new Machine().say(joules('A', 100), ...on).say(joules('A', 5), ...on);
  expect(machine.joules).toEqual({ m: 0 });
  machine.say(joules('A', Number.NaN), ...on).say(joules('A', 7), ...on);
  expect(machine.joules).toEqual({ m: 2 });
});

test('what a server used is kept while it is away', () => {
  const on = [memory('A', 1, 1), holds('m', 'A', 1)];
  const machine = new Machine().say(joules('A', 0), ...on).say(joules('A', 10), ...on);
  machine.say(joules('A', 20));
  expect(machine.joules).toEqual({});
  machine.say(joules('A', 30), ...on).say(joules('A', 31), ...on);
  expect(machine.joules).toEqual({ m: 11 });
});
