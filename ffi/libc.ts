/** What is called in the C library. Bindings alone; what the numbers mean is the caller's affair. */
import { bunFfi, int64, type Region, region } from './arena.ts';

/**
 * struct timex of <sys/timex.h> as 64-bit Linux has it, the same on x86_64 and aarch64 (both LP64):
 *
 *     0   unsigned modes      56  long precision            112 int  shift
 *     8   long     offset     64  long tolerance            120 long stabil
 *     16  long     freq       72  struct timeval time       128 long jitcnt
 *     24  long     maxerror   88  long tick                 136 long calcnt
 *     32  long     esterror   96  long ppsfreq              144 long errcnt
 *     40  int      status     104 long jitter               152 long stbcnt
 *     48  long     constant                                 160 int  tai
 *
 * and eleven ints that are not used: 208 bytes. See adjtimex(2). Here by C type, the fields that are read.
 */
export const TIMEX_LAYOUT = {
  bytes: 208,
  int: { status: 40, shift: 112, tai: 160 },
  long: {
    offset: 8,
    freq: 16,
    maxerror: 24,
    esterror: 32,
    constant: 48,
    tick: 88,
    ppsfreq: 96,
    jitter: 104,
    stabil: 120,
    jitcnt: 128,
    calcnt: 136,
    errcnt: 144,
    stbcnt: 152,
  },
} as const;
const { int: INT, long: LONG } = TIMEX_LAYOUT;

/** The kernel's clock discipline. */
export interface Timex {
  /** Reads it anew. Answers adjtimex's result: the clock's state (TIME_OK 0 … TIME_ERROR 5), or -1. Allocates nothing. */
  read(): number;
  /** A field of type int as the last read left it. */
  int(field: keyof typeof INT): number;
  /** A field of type long. */
  long(field: keyof typeof LONG): number;
}

/** Binds adjtimex. Throws where it cannot: no glibc, or no JIT, which bun:ffi needs. */
export function openTimex(): Timex {
  const { symbols } = bunFfi().dlopen('libc.so.6', {
    adjtimex: { args: ['ptr'], returns: 'i32' },
  });
  const memory: Region = region(TIMEX_LAYOUT.bytes);
  return {
    read() {
      // modes 0: nothing is set, so no privilege is needed. The kernel writes all else.
      memory.view.setUint32(0, 0, true);
      return symbols.adjtimex(memory.pointer);
    },
    int: (field) => memory.view.getInt32(INT[field], true),
    long: (field) => int64(memory.view, LONG[field]),
  };
}
