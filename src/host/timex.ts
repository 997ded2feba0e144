/** adjtimex(2): whether and how the kernel's clock is kept in step. */
import { openTimex, type Timex } from '../../ffi/libc.ts';
import type { Paths } from '../board/paths.ts';
import { NoData, SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { TIMEX } from '../catalog/host/timex.ts';

const TIME_ERROR = 5;
/** Bit of the status: offset and jitter are nanoseconds, not microseconds. */
const STA_NANO = 0x2000;
const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;
/** Frequencies are parts per million with a 16-bit fraction. */
const PPM_16 = 1e6 * 2 ** 16;

const KEYS = Object.keys(TIMEX) as (keyof typeof TIMEX)[];

/** `paths` has no say: it is a system call. `open` is replaced by tests. */
export function timex(_paths: Paths, open: () => Timex = openTimex): Source {
  let clock: Timex | undefined;
  const slots = Object.fromEntries(KEYS.map((key) => [key, 0])) as Record<
    keyof typeof TIMEX,
    number
  >;
  return {
    name: 'timex',
    collectors: ['timex'],
    discover(draft) {
      // FFI is loaded here and not at start; without it there is nothing to read.
      clock ??= orNoData(open);
      read(clock);
      for (const key of KEYS) slots[key] = draft.slot(TIMEX[key]);
    },
    sample(values): SampleCode {
      const c = clock as Timex;
      const state = read(c);
      const status = c.int('status');
      const unit = (status & STA_NANO) === 0 ? MICROSECONDS : NANOSECONDS;
      values[slots.syncStatus] = state === TIME_ERROR ? 0 : 1;
      values[slots.offset] = c.long('offset') / unit;
      values[slots.frequency] = 1 + c.long('freq') / PPM_16;
      values[slots.maxError] = c.long('maxerror') / MICROSECONDS;
      values[slots.estimatedError] = c.long('esterror') / MICROSECONDS;
      values[slots.status] = status;
      values[slots.constant] = c.long('constant');
      values[slots.tick] = c.long('tick') / MICROSECONDS;
      values[slots.ppsFrequency] = c.long('ppsfreq') / PPM_16;
      values[slots.ppsJitter] = c.long('jitter') / unit;
      values[slots.ppsShift] = c.int('shift');
      values[slots.ppsStability] = c.long('stabil') / PPM_16;
      values[slots.ppsJitterExceeded] = c.long('jitcnt');
      values[slots.ppsCalibrations] = c.long('calcnt');
      values[slots.ppsErrors] = c.long('errcnt');
      values[slots.ppsStabilityExceeded] = c.long('stbcnt');
      values[slots.taiOffset] = c.int('tai');
      return SAMPLE.ok;
    },
    close() {},
  };
}

function read(clock: Timex): number {
  const state = clock.read();
  // Some sandboxes refuse even to have the clock looked at.
  if (state < 0) throw new NoData('adjtimex: refused');
  return state;
}

function orNoData(open: () => Timex): Timex {
  try {
    return open();
  } catch (error) {
    throw new NoData(`adjtimex: ${error instanceof Error ? error.message : String(error)}`);
  }
}
