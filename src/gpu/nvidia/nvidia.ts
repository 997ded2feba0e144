/** NVIDIA GPUs through libnvidia-ml, in a process of their own: a call into the driver may never return. */
import { errorString } from '../../../ffi/nvml.ts';
import type { Guard } from '../../board/guard.ts';
import { SAMPLE, type Source } from '../../board/source.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { RESHAPE } from './group.ts';

export interface NvidiaOptions extends FleetOptions {
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export function nvidia(options: NvidiaOptions, guard: Guard): Source {
  const clock = options.now ?? (() => performance.now());
  const fleet = new Fleet(options, guard);
  /** Nothing was sampled since the discovery. */
  let fresh = false;
  /** The next discovery is for the series alone: the GPUs are the same. */
  let reshape = false;

  return {
    name: 'nvidia',
    collectors: ['gpu'],
    discover(draft) {
      if (!reshape) fleet.find(clock());
      reshape = false;
      fleet.declare(draft);
      fresh = true;
    },
    sample(values) {
      const first = fresh;
      fresh = false;
      const now = clock();
      if (!first && fleet.changed(now)) return SAMPLE.rescan;
      const rc = fleet.sample(values, now);
      if (rc !== 0 && rc !== RESHAPE) {
        fleet.reset();
        if (first) throw new Error(errorString(rc));
        return SAMPLE.rescan;
      }
      reshape = rc === RESHAPE;
      // Series that change twice within one poll have to wait for the next.
      return reshape && !first ? SAMPLE.rescan : SAMPLE.ok;
    },
    close() {
      fleet.reset();
    },
  };
}
