import { describe, expect, test } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { clockEventSeconds, clockEvents, hasBit } from './clock-events.ts';
import { health } from './health.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

test('hasBit() knows the bits beyond the thirty-second', () => {
  const mask = 2 ** 40 + 2 ** 31 + 1;
  expect([1, 2, 2 ** 31, 2 ** 32, 2 ** 40].map((bit) => hasBit(mask, bit))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

/** Reasons of the lines, by whether they hold. */
const reasons = (lines: Record<string, number>, value: number): string[] =>
  Object.entries(lines).flatMap(([line, is]) =>
    is === value ? [/reason=(\w+)/.exec(line)?.[1] ?? line] : [],
  );

describe('clock_events', () => {
  testWith(NEEDS, 'says of each reason whether it holds', () => {
    using gpu = new Polled('rtx4090', clockEvents, {
      set: { CurrentClocksEventReasons: 0x44, SupportedClocksEventReasons: 0x1ff },
    });
    const lines = gpu.poll();
    expect(reasons(lines, 1)).toEqual(['sw_power_cap', 'hw_thermal_slowdown']);
    expect(reasons(lines, 0)).toEqual([
      'gpu_idle',
      'applications_clocks_setting',
      'hw_slowdown',
      'sync_boost',
      'sw_thermal_slowdown',
      'hw_power_brake_slowdown',
      'display_clocks_setting',
    ]);
  });

  testWith(NEEDS, 'knows only the reasons that the GPU supports', () => {
    using gpu = new Polled('rtx4090', clockEvents, { set: { SupportedClocksEventReasons: 0x5 } });
    expect(gpu.poll()).toEqual({
      'clock_event_active{reason=gpu_idle}': 0,
      'clock_event_active{reason=sw_power_cap}': 1,
    });
  });

  testWith(NEEDS, 'asks an old driver by the old name', () => {
    using gpu = new Polled('driver470', clockEvents);
    expect(reasons(gpu.poll(), 1)).toEqual(['sw_power_cap']);
  });

  testWith(NEEDS, 'an answer that says nothing gives no series', () => {
    using gpu = new Polled('sentinels', clockEvents);
    expect(gpu.poll()).toEqual({});
  });
});

describe('seconds of clock events', () => {
  testWith(NEEDS, 'come from field values, in seconds', () => {
    using gpu = new Polled('h200x8', clockEventSeconds, { gpu: 1 });
    expect(gpu.poll()).toEqual({
      'clock_event_seconds_total{reason=sw_power_cap}': 91.001,
      'clock_event_seconds_total{reason=thermal}': 92.001,
      'clock_event_seconds_total{reason=sync_boost}': 0,
      'clock_event_seconds_total{reason=board_limit}': 93.001,
      'clock_event_seconds_total{reason=low_utilization}': 94.001,
      'clock_event_seconds_total{reason=reliability}': 95.001,
    });
  });

  /** Reasons of what a driver counts in fields that changed places. */
  const slowdowns = (driver: string, set: Readonly<Record<string, string>>): string[] => {
    using gpu = new Polled('h200x8', clockEventSeconds, { driver, set });
    return Object.keys(gpu.poll()).flatMap((line) => /reason=(\w+_slowdown)/.exec(line)?.[1] ?? []);
  };
  const ALL = ['sw_thermal_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown'];

  testWith(NEEDS, 'are looked for where the branch of the driver has them', () => {
    const early = {
      'FieldValue.251': 'u64 1',
      'FieldValue.252': 'u64 2',
      'FieldValue.253': 'u64 3',
    };
    const late = {
      'FieldValue.269': 'u64 1',
      'FieldValue.270': 'u64 2',
      'FieldValue.271': 'u64 3',
    };
    expect(slowdowns('575.57.08', { ...early, ...late })).toEqual(ALL);
    expect(slowdowns('580.65.06', late)).toEqual([]);
    expect(slowdowns('590.48.01', late)).toEqual(ALL);
    expect(slowdowns('610.57.04', early)).toEqual([]);
    expect(slowdowns('570.172.08', { ...early, ...late })).toEqual([]);
  });

  testWith(NEEDS, 'are not taken from a field that is of another kind', () => {
    // Whether power is smoothed, the level of it, in percent.
    const other = {
      'FieldValue.251': 'u32 1',
      'FieldValue.252': 'u32 2',
      'FieldValue.253': 'f64 3.5',
    };
    expect(slowdowns('580.65.06', other)).toEqual([]);
  });

  testWith(NEEDS, 'come from the violation status where the driver lacks the field', () => {
    using gpu = new Polled('rtx4090', clockEventSeconds, {
      set: { 'FieldValue.74': 'NOT_SUPPORTED', 'ViolationStatus.power': 7_000_000_000 },
    });
    expect(gpu.poll()).toEqual({
      'clock_event_seconds_total{reason=sw_power_cap}': 7,
      'clock_event_seconds_total{reason=thermal}': 0.071,
    });
  });

  testWith(NEEDS, 'come from the violation status where there are no fields at all', () => {
    using gpu = new Polled('rtx4090', clockEventSeconds, { set: { FieldValues: 'NOT_SUPPORTED' } });
    expect(gpu.poll()).toEqual({
      'clock_event_seconds_total{reason=sw_power_cap}': 5.123,
      'clock_event_seconds_total{reason=thermal}': 0.071,
    });
  });

  testWith(NEEDS, 'a GB10 counts what software holds down for heat', () => {
    using gpu = new Polled('gb10', clockEventSeconds);
    expect(gpu.poll()).toEqual({ 'clock_event_seconds_total{reason=sw_thermal_slowdown}': 27.6 });
  });
});

testWith(NEEDS, 'health says what the driver wants done', () => {
  using gpu = new Polled('h200x8', health, { set: { 'FieldValue.230': 'u32 1' } });
  expect(gpu.poll()).toEqual({
    recovery_action: 1,
    reset_pending: 0,
    drain_and_reset_pending: 0,
  });
  using old = new Polled('driver470', health);
  expect(old.poll()).toEqual({});
});
