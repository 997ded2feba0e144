/** Options of listening TCP sockets that Bun does not give. Bindings alone; what for is the caller's affair. */
import { readdirSync } from 'node:fs';
import { bunFfi, region, setUint64 } from './arena.ts';

/** <asm-generic/socket.h>, <netinet/tcp.h> and <linux/filter.h>, the same on x86_64 and aarch64. */
const SOL_SOCKET = 1;
const SO_REUSEPORT = 15;
const SO_ACCEPTCONN = 30;
const SO_ATTACH_REUSEPORT_CBPF = 51;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
/** BPF_RET | BPF_K: the program is its answer. */
const RETURN = 0x06;

/**
 * Places in the one region: an int or a length; struct tcp_info, of which tcpi_unacked is at 24; struct
 * sock_fprog (16-bit count, pointer at 8); struct sock_filter (16-bit code, two bytes, 32-bit value at 4).
 */
const LENGTH = 0;
const VALUE = 8;
const UNACKED = VALUE + 24;
const PROGRAM = 128;
const FILTER = 144;

export interface ListenerCalls {
  /** Descriptors of the sockets that this process listens on. */
  listening(): number[];
  /** Whether another socket of this user may listen on the same address (SO_REUSEPORT of socket(7)). */
  share(fd: number, on: boolean): void;
  /** Of the sockets that share the address of `fd`, all new connections go to the one at `index`, in the order of listening. */
  steer(fd: number, index: number): void;
  /** Connections that are established and not accepted yet. */
  waiting(fd: number): number;
  /**
   * Stops listening, though the descriptor stays open for its owner: another socket, which nobody can reach,
   * takes its number. (shutdown(2) would leave its owner's epoll waking up without end.)
   */
  silence(fd: number): void;
}

/** Throws where it cannot: no glibc, or no JIT, which bun:ffi needs. */
export function openListenerCalls(): ListenerCalls {
  const { symbols } = bunFfi().dlopen('libc.so.6', {
    setsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'u32'], returns: 'i32' },
    getsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    dup3: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    close: { args: ['i32'], returns: 'i32' },
  });
  const { view, pointer } = region(256);
  const at = (offset: number): typeof pointer => (pointer + offset) as typeof pointer;
  const check = (result: number, what: string): void => {
    if (result < 0) throw new Error(`${what} failed`);
  };
  const get = (fd: number, level: number, option: number, bytes: number): boolean => {
    view.setUint32(LENGTH, bytes, true);
    return symbols.getsockopt(fd, level, option, at(VALUE), at(LENGTH)) === 0;
  };
  return {
    listening() {
      const all = readdirSync('/proc/self/fd').map(Number);
      return all.filter(
        (fd) => get(fd, SOL_SOCKET, SO_ACCEPTCONN, 4) && view.getInt32(VALUE, true) === 1,
      );
    },
    share(fd, on) {
      view.setInt32(VALUE, on ? 1 : 0, true);
      const result = symbols.setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, at(VALUE), 4);
      check(result, 'SO_REUSEPORT');
    },
    steer(fd, index) {
      view.setUint32(FILTER, RETURN, true);
      view.setUint32(FILTER + 4, index, true);
      view.setUint16(PROGRAM, 1, true);
      setUint64(view, PROGRAM + 8, Number(at(FILTER)));
      const result = symbols.setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, at(PROGRAM), 16);
      check(result, 'SO_ATTACH_REUSEPORT_CBPF');
    },
    waiting(fd) {
      // Of a socket that listens, tcpi_unacked is the length of its queue (net/ipv4/tcp.c, tcp_get_info).
      return get(fd, IPPROTO_TCP, TCP_INFO, 28) ? view.getUint32(UNACKED, true) : 0;
    },
    silence(fd) {
      const other = symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      check(other, 'socket()');
      const result = symbols.dup3(other, fd, SOCK_CLOEXEC);
      symbols.close(other);
      check(result, 'dup3()');
    },
  };
}
