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

/** <sys/socket.h>, <bits/socket.h> and <time.h> of Linux, the same on x86_64 and aarch64. */
export const SOCKETS = {
  AF_UNIX: 1,
  SOCK_DGRAM: 2,
  SOCK_CLOEXEC: 0o2000000,
  SOCK_NONBLOCK: 0o4000,
  MSG_NOSIGNAL: 0x4000,
  CLOCK_MONOTONIC: 1,
} as const;
/** struct sockaddr_un of unix(7): a 16-bit family, then a path of 108 bytes. */
export const SOCKADDR_UN = { path: 2, bytes: 110 } as const;
/** Longest message that can be sent. */
const DATAGRAM_BYTES = 2048;

/** A socket that sends datagrams to one address. */
export interface Datagrams {
  /** Sends without waiting; a message that is too long is cut. Answers 0, or the errno of sendto(2). */
  send(text: string): number;
  /** The time of CLOCK_MONOTONIC in whole microseconds. */
  monotonic(): number;
}

/**
 * Opens a socket for datagrams to a unix(7) address: an absolute path, or a name of the abstract namespace
 * behind an @. It is not inherited by children. Throws where the address is neither or too long, no socket
 * can be had, or there is no FFI.
 */
export function openDatagrams(address: string): Datagrams {
  const name = new TextEncoder().encode(address);
  if (!/^[/@]./.test(address)) throw new Error(`${address}: neither a path nor an @name`);
  if (SOCKADDR_UN.path + name.length > SOCKADDR_UN.bytes) throw new Error(`${address}: too long`);
  const { dlopen, read } = bunFfi();
  const { symbols } = dlopen('libc.so.6', {
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    // A long, of which the lower half says enough of so small a number, and needs no BigInt.
    sendto: { args: ['i32', 'ptr', 'usize', 'i32', 'ptr', 'u32'], returns: 'i32' },
    clock_gettime: { args: ['i32', 'ptr'], returns: 'i32' },
    __errno_location: { args: [], returns: 'ptr' },
  });
  const errno = (): number => {
    const at = symbols.__errno_location();
    return at === null ? -1 : read.i32(at);
  };
  const to = region(SOCKADDR_UN.bytes);
  to.view.setUint16(0, SOCKETS.AF_UNIX, true);
  to.bytes.set(name, SOCKADDR_UN.path);
  // An abstract name begins with a NUL and is as long as it is said to be.
  if (address.startsWith('@')) to.bytes[SOCKADDR_UN.path] = 0;
  const length = SOCKADDR_UN.path + name.length;
  const type = SOCKETS.SOCK_DGRAM | SOCKETS.SOCK_CLOEXEC | SOCKETS.SOCK_NONBLOCK;
  const fd = symbols.socket(SOCKETS.AF_UNIX, type, 0);
  if (fd < 0) throw new Error(`socket: errno ${errno()}`);
  const message = region(DATAGRAM_BYTES);
  const time = region(16);
  const encoder = new TextEncoder();
  return {
    send(text) {
      const { written } = encoder.encodeInto(text, message.bytes);
      const { pointer } = message;
      const sent = symbols.sendto(fd, pointer, written, SOCKETS.MSG_NOSIGNAL, to.pointer, length);
      return sent < 0 ? errno() : 0;
    },
    monotonic() {
      symbols.clock_gettime(SOCKETS.CLOCK_MONOTONIC, time.pointer);
      return int64(time.view, 0) * 1e6 + Math.floor(int64(time.view, 8) / 1000);
    },
  };
}
