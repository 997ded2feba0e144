import { expect, test } from 'bun:test';
import type { Timex } from '../../ffi/libc.ts';
import { Exposed } from '../../test/exposed.ts';
import { timex } from './timex.ts';

const PATHS = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };

/** A kernel clock whose fields a test sets; those it does not are zero. */
function clock(fields: Readonly<Record<string, number>>, state = 0): () => Timex {
  const field = (name: string): number => fields[name] ?? 0;
  return () => ({ read: () => state, int: field, long: field });
}

test('timex() gives every field its unit', () => {
  const fields = {
    offset: 1500,
    freq: 65_536 * 12,
    maxerror: 16_000_000,
    esterror: 250,
    status: 0x41,
    constant: 7,
    tick: 10_000,
    ppsfreq: -65_536,
    jitter: 30,
    shift: 4,
    stabil: 131_072,
    jitcnt: 11,
    calcnt: 12,
    errcnt: 13,
    stbcnt: 14,
    tai: 37,
  };
  expect(new Exposed(timex(PATHS, clock(fields))).sample()).toEqual([
    'node_timex_estimated_error_seconds 0.00025',
    'node_timex_frequency_adjustment_ratio 1.000012',
    'node_timex_loop_time_constant 7',
    'node_timex_maxerror_seconds 16',
    'node_timex_offset_seconds 0.0015',
    'node_timex_pps_calibration_total 12',
    'node_timex_pps_error_total 13',
    'node_timex_pps_frequency_hertz -0.000001',
    'node_timex_pps_jitter_seconds 0.00003',
    'node_timex_pps_jitter_total 11',
    'node_timex_pps_shift_seconds 4',
    'node_timex_pps_stability_exceeded_total 14',
    'node_timex_pps_stability_hertz 0.000002',
    'node_timex_status 65',
    'node_timex_sync_status 1',
    'node_timex_tai_offset_seconds 37',
    'node_timex_tick_seconds 0.01',
  ]);
});

test('timex() reads offset and jitter as nanoseconds when the clock says that they are', () => {
  const lines = new Exposed(
    timex(PATHS, clock({ status: 0x2001, offset: -1500, jitter: 30, maxerror: 5 })),
  ).sample();
  expect(lines).toContain('node_timex_offset_seconds -0.0000015');
  expect(lines).toContain('node_timex_pps_jitter_seconds 3e-8');
  expect(lines).toContain('node_timex_maxerror_seconds 0.000005');
});

test('timex() says that the clock is not synchronised when the kernel says TIME_ERROR', () => {
  const synced = (state: number): string[] =>
    new Exposed(timex(PATHS, clock({}, state))).sample('node', 'node_timex_sync');
  expect(synced(5)).toEqual(['node_timex_sync_status 0']);
  expect(synced(3)).toEqual(['node_timex_sync_status 1']);
});

test('timex() is absent with a reason where adjtimex is refused or cannot be called', () => {
  const refused = new Exposed(timex(PATHS, clock({}, -1)));
  const unbound = new Exposed(
    timex(PATHS, () => {
      throw new TypeError('bun:ffi requires the JIT');
    }),
  );
  for (const exposed of [refused, unbound]) expect(exposed.sample()).toEqual([]);
  expect(refused.registry.reports()[0]).toMatchObject({
    status: 'absent',
    error: 'adjtimex: refused',
  });
  expect(unbound.registry.reports()[0]).toMatchObject({
    status: 'absent',
    error: 'adjtimex: bun:ffi requires the JIT',
  });
});

test('timex() reads the clock of this kernel through FFI', () => {
  const lines = new Exposed(timex(PATHS)).sample();
  expect(lines).toHaveLength(17);
  const ratio = lines.find((l) => l.startsWith('node_timex_frequency_adjustment_ratio'));
  expect(Number(ratio?.split(' ')[1])).toBeCloseTo(1, 2);
});
