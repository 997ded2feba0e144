/** Why clocks are held down at this moment, and for how long they were. */
import { RETURN, type Violation } from '../../../ffi/nvml.ts';
import {
  CLOCK_EVENT_REASONS,
  GPU_CLOCK_EVENT_SECONDS,
  GPU_CLOCK_EVENTS,
} from '../../catalog/gpu/events.ts';
import type { Gpu, Group } from './group.ts';
import { count, isUnsupported, seconds } from './policy.ts';
import { type Column, type Field, fields, type Question, Table } from './table.ts';

type Held = keyof typeof GPU_CLOCK_EVENT_SECONDS;

/** Field ids, nanoseconds. The position is nvmlPerfPolicyType_t. */
const POLICIES: readonly (readonly [id: number, reason: Held])[] = [
  [74, 'sw_power_cap'],
  [75, 'thermal'],
  [76, 'sync_boost'],
  [77, 'board_limit'],
  [78, 'low_utilization'],
  [79, 'reliability'],
];

/** Fields that follow each other, nanoseconds. */
const SLOWDOWNS = [
  'sw_thermal_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
] as const satisfies readonly Held[];
/**
 * The first of them, and since which branch of the driver: NVML 12.9 brought them, and 13.1 gave their ids
 * back to what had had them in 12.8, the smoothing of power.
 */
const FIRST_SLOWDOWN = [
  { branch: 590, id: 269 },
  { branch: 575, id: 251 },
] as const;

/** Reasons now: they move fast. */
export const clockEvents: Group = {
  name: 'clock_events',
  every: 1,
  attach: (gpu) => new Table(gpu, [active(gpu)]),
};

/** Cumulative seconds: seldom different. */
export const clockEventSeconds: Group = {
  name: 'clock_events',
  every: 5,
  attach(gpu) {
    const byField = fields(
      gpu,
      [...POLICIES, ...slowdowns(gpu)].map(
        // What is no counter but one of the numbers that share these ids has fewer bits.
        ([id, reason]): Field => ({ id, series: column(reason), policy: seconds, wide: true }),
      ),
    );
    const byPolicy = POLICIES.map(([, reason], policy) =>
      violation(gpu, reason, policy, () => byField.parts.codes[policy] as number),
    );
    return new Table(gpu, [byField, ...byPolicy]);
  },
};

function slowdowns({ facts }: Gpu): (readonly [id: number, reason: Held])[] {
  const branch = Number.parseInt(facts.driver ?? '', 10);
  const first = FIRST_SLOWDOWN.find((each) => branch >= each.branch);
  return first === undefined ? [] : SLOWDOWNS.map((reason, i) => [first.id + i, reason]);
}

const column = (reason: Held): Column => [GPU_CLOCK_EVENT_SECONDS[reason], { reason }];

/** Whether a bit of a mask of 53 bits is set: the engine's own operators know 32. */
export const hasBit = (mask: number, bit: number): boolean => Math.floor(mask / bit) % 2 === 1;

/** Reasons that hold now, a number of bits; NaN where the driver does not say. */
export const activeReasons = ({ nvml, handle }: Gpu): number =>
  count(nvml.u64('currentClocksEventReasons', handle));

function active(gpu: Gpu): Question {
  const { nvml, handle } = gpu;
  const supported = count(nvml.u64('supportedClocksEventReasons', handle));
  const reasons = Object.entries(CLOCK_EVENT_REASONS).filter(
    ([, bit]) => Number.isNaN(supported) || hasBit(supported, bit),
  );
  return {
    series: reasons.map(([reason]): Column => [GPU_CLOCK_EVENTS.active, { reason }]),
    ask(answer) {
      const mask = activeReasons(gpu);
      const { rc } = nvml;
      if (Number.isNaN(mask)) return rc;
      for (let i = 0; i < reasons.length; i++) {
        answer[i] = hasBit(mask, (reasons[i] as [string, number])[1]) ? 1 : 0;
      }
      return rc;
    },
  };
}

/** What drivers tell that do not have the field: `fieldCode` answers how that one was answered. */
function violation(gpu: Gpu, reason: Held, policy: number, fieldCode: () => number): Question {
  const out: Violation = { reference: Number.NaN, time: Number.NaN };
  return {
    series: [column(reason)],
    ask(answer) {
      if (!isUnsupported(fieldCode())) return RETURN.notSupported;
      const rc = gpu.nvml.health.violation(gpu.handle, policy, out);
      if (rc === RETURN.success) answer[0] = seconds(out.time);
      return rc;
    },
  };
}
