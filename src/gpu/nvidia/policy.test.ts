import { describe, expect, test } from 'bun:test';
import { RETURN, U32_ALL_ONES, U64_ALL_ONES } from '../../../ffi/nvml.ts';
import * as policy from './policy.ts';

const { isGone, isDriverGone, isUnsupported, isAhead, ...numbers } = policy;
const { NaN: NOTHING } = Number;
const SENTINEL_64 = 2 ** 63 - 16;

test.each([
  ['u32', 0, 0],
  ['u32', U32_ALL_ONES - 1, U32_ALL_ONES - 1],
  ['u32', U32_ALL_ONES, NOTHING],
  ['count', 2 ** 53, 2 ** 53],
  ['count', SENTINEL_64, NOTHING],
  ['count', U64_ALL_ONES, NOTHING],
  ['count', -1, NOTHING],
  ['bytes', 2 ** 47, 2 ** 47],
  ['bytes', 2 ** 47 + 2 ** 20, NOTHING],
  ['bytes', SENTINEL_64, NOTHING],
  ['flag', 0, 0],
  ['flag', 1, 1],
  ['flag', 2, NOTHING],
  ['flag', U32_ALL_ONES, NOTHING],
  ['nonZero', 0, NOTHING],
  ['nonZero', 7, 7],
  ['percent', 0, 0],
  ['percent', 100, 100],
  ['percent', 101, NOTHING],
  ['ratio', 43, 0.43],
  ['ratio', U32_ALL_ONES, NOTHING],
  ['fanPercent', 130, 130],
  ['fanPercent', U32_ALL_ONES, NOTHING],
  ['celsius', -12, -12],
  ['celsius', -1, -1],
  ['celsius', U32_ALL_ONES, NOTHING],
  ['celsius', -2147483648, NOTHING],
  ['dieCelsius', -1, NOTHING],
  ['dieCelsius', -2, -2],
  ['watts', 46120, 46.12],
  ['watts', U32_ALL_ONES, NOTHING],
  ['joules', 812345678, 812345.678],
  ['joules', SENTINEL_64, NOTHING],
  ['megahertz', 2405, 2405],
  ['megahertz', U32_ALL_ONES, NOTHING],
  ['hertz', 2405, 2405e6],
  ['performanceState', 15, 15],
  ['performanceState', 32, NOTHING],
  ['seconds', 27_600_000_000, 27.6],
  ['seconds', U64_ALL_ONES, NOTHING],
] as const)('%s(%p) is %p', (name, given, expected) => {
  expect(numbers[name](given)).toBe(expected);
});

test('what is not known stays so', () => {
  for (const [name, judge] of Object.entries(numbers)) expect(judge(NOTHING), name).toBeNaN();
});

test('a time is ahead when it is more than the difference of two clocks from now', () => {
  const now = Date.now() * 1000;
  expect([0, now, now + 5e6, now + 60e6].map(isAhead)).toEqual([false, false, false, true]);
});

describe('return codes', () => {
  const of = (holds: (rc: number) => boolean): string[] =>
    Object.entries(RETURN).flatMap(([name, rc]) => (holds(rc) ? [name] : []));

  test('which say that the driver is gone', () => {
    const driver = ['uninitialized', 'driverNotLoaded', 'libRmVersionMismatch'];
    expect(of(isDriverGone).sort()).toEqual(driver.sort());
  });

  test('which say that a GPU is gone, the driver or it alone', () => {
    const alone = of(isGone).filter((name) => !of(isDriverGone).includes(name));
    expect(alone.sort()).toEqual(['gpuIsLost', 'gpuNotFound', 'resetRequired']);
  });

  test('a buffer without samples, a timeout and an unknown error say neither', () => {
    for (const rc of [RETURN.notFound, RETURN.timeout, RETURN.unknown, RETURN.noData]) {
      expect([isGone(rc), isUnsupported(rc)]).toEqual([false, false]);
    }
  });
});
