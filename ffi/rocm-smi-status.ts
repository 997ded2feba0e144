/** rsmi_status_t, the codes that a caller decides by. */
export const STATUS = {
  success: 0,
  invalidArgs: 1,
  notSupported: 2,
  fileError: 3,
  permission: 4,
  initError: 8,
  notYetImplemented: 9,
  notFound: 10,
  insufficientSize: 11,
  noData: 14,
  unexpectedData: 15,
  busy: 16,
  /** -1 as the library has it. */
  unknown: -1,
} as const;

const TEXTS: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'invalid argument',
  2: 'not supported',
  3: 'a file could not be read',
  4: 'no permission',
  5: 'out of resources',
  6: 'an exception in the library',
  7: 'a value is out of bounds',
  8: 'a file of /sys is not as it expects it, or its mutex in /dev/shm cannot be had',
  9: 'not yet implemented',
  10: 'not found',
  11: 'buffer too small',
  12: 'interrupted',
  13: 'unexpected size',
  14: 'no data',
  15: 'unexpected data',
  16: 'busy: another process holds the mutex of the device',
  17: 'initialised too often',
};

/** What an rsmi_status_t means, in English; needs no library. */
export function statusText(rc: number): string {
  return TEXTS[rc] ?? `ROCm SMI error ${rc}`;
}
