import type { Guard } from './guard.ts';

/** What `read` answers, or undefined where the guard would not have this device touched. */
export function guarded<T>(guard: Guard, device: string, read: () => T): T | undefined {
  if (!guard.enter(device)) return undefined;
  try {
    return read();
  } finally {
    guard.leave();
  }
}
