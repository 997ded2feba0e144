/** The source of the probe `nvidia-events`. */
import { hostname } from 'node:os';
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import { nvidiaEvents } from '../gpu/nvidia/events.ts';
import type { XidError } from '../gpu/nvidia/xid.ts';
import type { ProbeLog } from '../probe/child.ts';
import type { NvidiaProbeOptions } from './nvidia-sources.ts';
import { restart } from './restart.ts';

/**
 * That there is no driver is said by the source `nvidia`: this one finds nothing then. `before`: what former
 * probes counted.
 */
export function nvidiaEventSources(
  options: NvidiaProbeOptions,
  guard: Guard,
  before?: readonly XidError[],
  log?: ProbeLog,
): Source[] {
  const { library, procfs, hostnameLabel, eventWait } = options;
  const host = { [hostnameLabel]: hostname() };
  const session = { library, procfs, required: false, restart };
  return [nvidiaEvents({ ...session, host, wait: eventWait, before, log }, guard)];
}
