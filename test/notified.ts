/** The other end of sd_notify(3), as systemd has it: a socket for datagrams, bound to a path or an @name. */
import { readFileSync, rmSync } from 'node:fs';
import { bunFfi, region } from '../ffi/arena.ts';
import { SOCKADDR_UN, SOCKETS } from '../ffi/libc.ts';

export interface Notified extends Disposable {
  /** Messages that came since the last call, oldest first. */
  take(): string[];
  close(): void;
}

const MSG_DONTWAIT = 0x40;

/** Throws where the address is in use. */
export function notified(address: string): Notified {
  const { symbols } = bunFfi().dlopen('libc.so.6', {
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    bind: { args: ['i32', 'ptr', 'u32'], returns: 'i32' },
    recv: { args: ['i32', 'ptr', 'usize', 'i32'], returns: 'i32' },
    close: { args: ['i32'], returns: 'i32' },
  });
  const name = new TextEncoder().encode(address);
  const at = region(SOCKADDR_UN.bytes);
  at.view.setUint16(0, SOCKETS.AF_UNIX, true);
  at.bytes.set(name, SOCKADDR_UN.path);
  if (address.startsWith('@')) at.bytes[SOCKADDR_UN.path] = 0;
  const fd = symbols.socket(SOCKETS.AF_UNIX, SOCKETS.SOCK_DGRAM | SOCKETS.SOCK_CLOEXEC, 0);
  if (symbols.bind(fd, at.pointer, SOCKADDR_UN.path + name.length) !== 0) {
    throw new Error(`cannot bind ${address}`);
  }
  const buffer = region(8192);
  const take = (): string[] => {
    const found: string[] = [];
    for (;;) {
      const n = symbols.recv(fd, buffer.pointer, buffer.bytes.length, MSG_DONTWAIT);
      if (n <= 0) return found;
      found.push(new TextDecoder().decode(buffer.bytes.slice(0, n)));
    }
  };
  let open = true;
  const close = (): void => {
    if (open) symbols.close(fd);
    open = false;
    if (!address.startsWith('@')) rmSync(address, { force: true });
  };
  return { take, close, [Symbol.dispose]: close };
}

/** Variables of a process as it was started with. */
export function environmentOf(pid: number): ReadonlyMap<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return new Map(entries.map((e) => [e.slice(0, e.indexOf('=')), e.slice(e.indexOf('=') + 1)]));
}
