import { expect, test } from 'bun:test';
import { RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { GPU_POWER } from '../../catalog/gpu/power.ts';
import type { Signal } from '../../catalog/signal.ts';
import type { Gpu, Group } from './group.ts';
import { count, watts } from './policy.ts';
import { NEEDS, Polled } from './reading.fixture.ts';
import { fields, type Question, Table } from './table.ts';

const gpu = { facts: { device: '0', uuid: 'GPU-0', name: 'Test' } } as Gpu;
const { power, limit, average, instant, energy } = GPU_POWER;

/** A table of one question, and what it declared and wrote. */
function tableOf(question: Question) {
  const table = new Table(gpu, [question]);
  const values = new Float64Array(8);
  let declared: Signal[] = [];
  return {
    declare(): string[] {
      declared = [];
      table.declare({ slot: (signal) => declared.push(signal) - 1 });
      return declared.map((signal) => signal.id);
    },
    sample(): { rc: number; values: number[] } {
      values.fill(-1);
      const rc = table.sample(values);
      return { rc, values: [...values.subarray(0, declared.length)] };
    },
  };
}

test('a question that the GPU does not know has no series, until it does', () => {
  let rc: number = RETURN.notSupported;
  let asked = 0;
  const table = tableOf({
    series: [power],
    ask(answer) {
      asked++;
      answer[0] = 5;
      return rc;
    },
  });
  expect(table.declare()).toEqual([]);
  table.sample();
  expect(asked).toBe(1);
  rc = RETURN.success;
  expect(table.declare()).toEqual([power.id]);
  expect(table.sample()).toEqual({ rc: 0, values: [5] });
});

test('a question that fails for a moment has its series, without a value', () => {
  let rc: number = RETURN.timeout;
  const table = tableOf({
    series: [power],
    ask(answer) {
      if (rc === RETURN.success) answer[0] = 5;
      return rc;
    },
  });
  expect(table.declare()).toEqual([power.id]);
  expect(table.sample().values).toEqual([Number.NaN]);
  rc = RETURN.success;
  expect(table.sample().values).toEqual([5]);
});

test('what a question left of the one before does not stand in its answer', () => {
  const table = new Table(gpu, [
    {
      series: [power, limit],
      ask(answer) {
        answer.fill(7);
        return 0;
      },
    },
    { series: [average, instant], ask: () => 0 },
  ]);
  const values = new Float64Array(4);
  let next = 0;
  table.declare({ slot: () => next++ });
  table.sample(values);
  expect([...values]).toEqual([7, 7, Number.NaN, Number.NaN]);
});

test('a GPU that is gone ends the sample with the code that says so', () => {
  let asked = 0;
  const gone: Question = {
    series: [power],
    ask: () => (asked++ === 0 ? RETURN.success : RETURN.gpuIsLost),
  };
  const table = tableOf(gone);
  table.declare();
  expect(table.sample()).toEqual({ rc: RETURN.gpuIsLost, values: [Number.NaN] });
});

const group: Group = {
  name: 'power',
  every: 1,
  attach: (gpu) =>
    new Table(gpu, [
      fields(gpu, [
        { id: 185, series: average, policy: watts },
        { id: 999, series: instant, policy: watts },
        { id: 83, series: energy, policy: count },
      ]),
    ]),
};

testWith(
  NEEDS,
  'a field that the driver does not know has no series, the others of its call have',
  () => {
    using polled = new Polled('h200x8', group);
    expect(polled.poll()).toEqual({ power_average_watts: 611, energy_joules_total: 7e12 });
    expect(polled.labels('gpu_power_instant_watts')).toEqual([]);
  },
);

const lost: Question = { series: [], ask: () => RETURN.gpuIsLost };

test('what the GPU does not know of a question is not asked at each sample, but at each discovery', () => {
  const codes = Uint32Array.of(RETURN.success, RETURN.notSupported);
  const asked: string[] = [];
  const part: Question = {
    series: [power],
    ask(answer) {
      asked.push('part');
      answer[0] = 5;
      return 0;
    },
  };
  const table = tableOf({
    series: [power, limit],
    parts: { codes, only: (positions) => (positions.join() === '0' ? part : lost) },
    ask(answer) {
      asked.push('whole');
      answer[0] = 6;
      answer[1] = 7;
      return 0;
    },
  });
  expect(table.declare()).toEqual([power.id]);
  expect(table.sample().values).toEqual([5]);
  codes[1] = RETURN.success;
  expect(table.declare()).toEqual([power.id, limit.id]);
  expect(table.sample().values).toEqual([6, 7]);
  expect(asked).toEqual(['whole', 'part', 'whole', 'whole']);
});

testWith(NEEDS, 'a field that says that the GPU is lost says it for the whole', () => {
  using polled = new Polled('h200x8', group);
  polled.poll();
  polled.fake.set('gpu 0', 'FieldValue.83', 'GPU_IS_LOST');
  polled.poll();
  expect(polled.rc).toBe(RETURN.gpuIsLost);
});

testWith(NEEDS, 'a driver without field values has none of their series', () => {
  using polled = new Polled('h200x8', group, { set: { FieldValues: 'NOT_SUPPORTED' } });
  expect(polled.poll()).toEqual({});
  expect(polled.labels('gpu_power_average_watts')).toEqual([]);
});
