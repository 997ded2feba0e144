/**
 * The GB10's silent fault: after a brown-out, or at a power adapter that it does not like, its embedded
 * controller holds it at a fraction of its clock and power. The driver sees no reason for it, so no clock
 * event says it; only unplugging the machine cures it.
 */
import type { Utilization } from '../../../ffi/nvml.ts';
import { CLOCK_EVENT_REASONS } from '../../catalog/gpu/events.ts';
import { GPU_HEALTH } from '../../catalog/gpu/health.ts';
import { activeReasons, hasBit } from './clock-events.ts';
import { CLOCK } from './clocks.ts';
import type { Gpu } from './group.ts';
import { megahertz, percent, watts } from './policy.ts';
import type { Question } from './table.ts';

/** Busy at this clock is slow: a healthy one runs at 2400 MHz, a stuck one at 500 to 850. */
const SLOW = { percent: 80, megahertz: 1400 } as const;
/** Busy at this power is faint: a healthy one draws 60 W and more. */
const FAINT = { percent: 90, watts: 25 } as const;
/** Seconds for which it has to last: loading a model keeps a GPU busy at little power, too. */
const LONG = 180;
/** Seconds in which it may pause without starting over: the gap between two batches, or one look of an idle probe. */
const PAUSE = 15;
/** Seconds without a look after which nothing is known of the time between. */
const BLIND = 60;

/** The fault is known of this chip alone; others are slow for reasons that they give. */
export const isGb10 = (name: string): boolean => /\bGB10\b/.test(name);

/** What was seen at one time; NaN what is not known. */
export interface Seen {
  readonly percent: number;
  readonly megahertz: number;
  readonly watts: number;
  /** Bits of CLOCK_EVENT_REASONS. */
  readonly reasons: number;
  /**
   * Clock that applications ask for. NVML has no call for the range of nvidia-smi --lock-gpu-clocks: where
   * the driver sets no reason for such a lock either, one below the slow clock cannot be told from the fault.
   */
  readonly askedMegahertz: number;
}

const { gpu_idle, ...HELD } = CLOCK_EVENT_REASONS;
const HOLDING: readonly number[] = Object.values(HELD);

/** Whether this is how the fault looks. */
export function looksStarved(seen: Seen): boolean {
  // Unknown reasons are none. Resting is not being held.
  if (!Number.isNaN(seen.reasons) && HOLDING.some((bit) => hasBit(seen.reasons, bit))) return false;
  // A lock is somebody's wish.
  if (seen.askedMegahertz < SLOW.megahertz) return false;
  const slow = seen.percent > SLOW.percent && seen.megahertz < SLOW.megahertz;
  const faint = seen.percent > FAINT.percent && seen.watts < FAINT.watts;
  return slow || faint;
}

/** Whether enough was seen to say that it does not look so. */
const tells = ({ percent, megahertz, watts }: Seen): boolean =>
  !Number.isNaN(percent) && !(Number.isNaN(megahertz) && Number.isNaN(watts));

/** Whether it has looked so for long. Times in seconds of a monotonic clock. */
export class Suspicion {
  #since = Number.NaN;
  #last = Number.NEGATIVE_INFINITY;

  observe(now: number, starved: boolean): boolean {
    if (now - this.#last > (starved ? BLIND : PAUSE)) this.#since = Number.NaN;
    if (starved) {
      if (Number.isNaN(this.#since)) this.#since = now;
      this.#last = now;
    }
    return now - this.#since >= LONG;
  }
}

/** A question whose answer is 0 or 1; asks what it needs itself, so that it hangs on no other group. */
export function starved(gpu: Gpu): Question {
  const { nvml, handle } = gpu;
  const suspicion = new Suspicion();
  const rates: Utilization = { gpu: Number.NaN, memory: Number.NaN };
  return {
    series: [GPU_HEALTH.powerStarved],
    ask(answer) {
      const rc = nvml.readings.utilization(handle, rates);
      if (rc !== 0) return rc;
      const seen: Seen = {
        percent: percent(rates.gpu),
        megahertz: megahertz(nvml.u32('clockInfo', handle, CLOCK.sm)),
        watts: watts(nvml.u32('powerUsage', handle)),
        reasons: activeReasons(gpu),
        askedMegahertz: megahertz(nvml.u32('applicationsClock', handle, CLOCK.graphics)),
      };
      const starving = suspicion.observe(performance.now() / 1000, looksStarved(seen));
      if (tells(seen)) answer[0] = starving ? 1 : 0;
      return rc;
    },
  };
}
