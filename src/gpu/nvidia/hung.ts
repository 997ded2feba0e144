/** Calls that are no GPU's and may hang all the same: for the guard they are devices too. */

import type { Nvml } from '../../../ffi/nvml.ts';
import type { Guard } from '../../board/guard.ts';
import type { Session } from './session.ts';

/** What the guard is told before NVML is initialised, and before an event is waited for. */
export const AT = {
  driver: 'the NVIDIA driver',
  events: 'the events of the NVIDIA driver',
} as const;

/** As Session.open, behind the guard; throws also where a former probe hung there and it is not yet tried again. */
export function openGuarded(session: Session, guard: Guard): Nvml | undefined {
  if (!guard.enter(AT.driver)) throw hungAt(AT.driver);
  try {
    return session.open();
  } finally {
    guard.leave();
  }
}

/** A former probe hung there, and its time to be tried again has not come. */
export function hungAt(what: string): Error {
  return new Error(`${what} hung a probe; it is tried again later`);
}
