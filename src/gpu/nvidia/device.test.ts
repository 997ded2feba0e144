import { expect, test } from 'bun:test';
import { type Nvml, RETURN } from '../../../ffi/nvml.ts';
import { GPU_POWER } from '../../catalog/gpu/power.ts';
import { Device } from './device.ts';
import { type Gpu, type Group, RESHAPE, type Reading } from './group.ts';

const SECOND = 1000;
/** A library that knows nothing. */
const silent = {
  rc: RETURN.notSupported,
  text: () => undefined,
  u32: () => Number.NaN,
  more: () => Number.NaN,
} as unknown as Nvml;
const facts = { device: '0', uuid: 'GPU-0', name: 'Test', shared: 'no' } as const;
const gpu: Gpu = { nvml: silent, handle: 1, index: 0, facts, integrated: false };

/** A group whose samples are counted; `answer` is what each says. */
function counted(every: number, answer: () => number = () => 0) {
  const state = { samples: 0, closed: 0 };
  const reading: Reading = {
    declare: (slots) => void slots.slot(GPU_POWER.power, facts),
    sample(values) {
      state.samples++;
      values[1] = 5;
      return answer();
    },
    close: () => void state.closed++,
  };
  const group: Group = { name: 'power', every, attach: () => reading };
  return { group, state };
}

function deviceOf(...groups: Group[]): { device: Device; values: Float64Array } {
  const device = new Device(gpu, groups, SECOND);
  let next = 0;
  device.declare({ slot: () => next++ });
  return { device, values: new Float64Array(8) };
}

test('a group is sampled as often as it says, all of them at first', () => {
  const [fast, slow] = [counted(1), counted(10)];
  const { device, values } = deviceOf(fast.group, slow.group);
  device.sample(values, 0);
  expect([fast.state.samples, slow.state.samples]).toEqual([1, 1]);
  for (let s = 1; s <= 20; s++) device.sample(values, s * SECOND);
  expect([fast.state.samples, slow.state.samples]).toEqual([21, 3]);
});

test('groups that are asked seldom take turns, and so do GPUs', () => {
  const groups = [counted(5), counted(5), counted(5)];
  const devices = [0, 1].map(
    (index) =>
      new Device(
        { ...gpu, index },
        groups.map(({ group }) => group),
        SECOND,
      ),
  );
  const values = new Float64Array(8);
  const asked: number[] = [];
  let before = 0;
  for (let s = 0; s <= 10; s++) {
    for (const device of devices) device.sample(values, s * SECOND);
    const samples = groups.reduce((sum, { state }) => sum + state.samples, 0);
    asked.push(samples - before);
    before = samples;
  }
  expect(asked).toEqual([6, 1, 2, 2, 1, 0, 1, 2, 2, 1, 0]);
});

test('a poll that comes a little early is not lost', () => {
  const { group, state } = counted(1);
  const { device, values } = deviceOf(group);
  for (const at of [0, 970, 2010, 2960]) device.sample(values, at);
  expect(state.samples).toBe(4);
});

test('at a tenth of the pace every group is sampled at each poll', () => {
  const { group, state } = counted(10);
  const { device, values } = deviceOf(group);
  for (let s = 0; s < 50; s += 10) device.sample(values, s * SECOND);
  expect(state.samples).toBe(5);
});

test('a sample of a moment ago is not taken again, but where the series had to change', () => {
  let answer = RESHAPE;
  const [quiet, moving] = [counted(1), counted(1, () => answer)];
  const { device, values } = deviceOf(quiet.group, moving.group);
  expect(device.sample(values, 0)).toBe(RESHAPE);
  answer = 0;
  expect(device.sample(values, 0)).toBe(0);
  expect([quiet.state.samples, moving.state.samples]).toEqual([1, 2]);
});

test('a group that says that the GPU is gone ends the sample', () => {
  const [first, second] = [counted(1, () => RETURN.gpuIsLost), counted(1)];
  const { device, values } = deviceOf(first.group, second.group);
  expect(device.sample(values, 0)).toBe(RETURN.gpuIsLost);
  expect(second.state.samples).toBe(0);
});

test('blank() takes away all that was declared, and close() closes every reading', () => {
  const { group, state } = counted(1);
  const { device, values } = deviceOf(group);
  device.sample(values, 0);
  expect([...values.subarray(0, 2)]).toEqual([1, 5]);
  device.blank(values);
  expect([...values.subarray(0, 3)]).toEqual([Number.NaN, Number.NaN, 0]);
  device.close();
  expect(state.closed).toBe(1);
});

test('a group that has nothing of the GPU is left out', () => {
  const none: Group = { name: 'fan', every: 1, attach: () => undefined };
  const { device, values } = deviceOf(none);
  expect(device.sample(values, 0)).toBe(0);
});
