/** AMD GPUs, in a process of their own: a read of a card may never return, and the library may crash. */
import type { Guard } from '../../board/guard.ts';
import { SAMPLE, type Source } from '../../board/source.ts';
import { RESHAPE } from '../reading.ts';
import { Fleet, type FleetOptions } from './fleet.ts';

export function amd(options: FleetOptions, guard: Guard): Source {
  const clock = options.now ?? (() => performance.now());
  const fleet = new Fleet(options, guard);
  /** The next discovery is for the series alone: the GPUs are the same. */
  let reshape = false;
  /** Nothing was sampled since the discovery. */
  let fresh = false;

  return {
    name: 'amd',
    collectors: ['gpu'],
    discover(draft) {
      if (!reshape) fleet.find();
      reshape = false;
      fleet.declare(draft);
      fresh = true;
    },
    sample(values) {
      const first = fresh;
      fresh = false;
      reshape = fleet.sample(values, clock()) === RESHAPE;
      // Series that change twice within one poll have to wait for the next.
      return reshape && !first ? SAMPLE.rescan : SAMPLE.ok;
    },
    close() {
      fleet.close();
    },
  };
}
