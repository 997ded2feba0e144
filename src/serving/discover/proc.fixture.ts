/** A /proc of our own making. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeProcess {
  readonly pid: number;
  readonly parent?: number;
  readonly start?: number;
  /** Words; one alone is a title. None: a kernel thread. */
  readonly command: readonly string[];
  /** Inodes of its sockets; undefined: /proc/PID/fd is not readable. */
  readonly sockets?: readonly number[];
  /** Lines of its network namespace's tcp; undefined: the machine's. */
  readonly tcp?: readonly string[];
  /** An address of its network namespace. */
  readonly address?: string;
  readonly maps?: string;
  /** As whom it runs. */
  readonly uid?: number;
  /** Files below its root, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A line of /proc/net/tcp; address as the file has it. */
export const listening = (
  address: string,
  port: number,
  inode: number,
  state = '0A',
  uid = 1000,
): string =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 100 0 0 10 0`;

export const LOOPBACK = '0100007F';
export const ANY = '00000000';

export interface FakeProc extends Disposable {
  readonly path: string;
}

export function fakeProc(processes: readonly FakeProcess[], tcp: readonly string[] = []): FakeProc {
  const path = mkdtempSync(join(tmpdir(), 'edgegauge-proc-'));
  const put = (file: string, text: string): void => {
    const to = join(path, file);
    mkdirSync(join(to, '..'), { recursive: true });
    writeFileSync(to, text);
  };
  const table = (lines: readonly string[]): string => `  sl  local_address\n${lines.join('\n')}\n`;
  put('self/net/tcp', table(tcp));
  put('version', 'not a process');
  for (const {
    pid,
    parent = 1,
    start = 100,
    command,
    sockets,
    maps,
    files = {},
    ...own
  } of processes) {
    put(`${pid}/cmdline`, command.map((word) => `${word}\0`).join(''));
    put(`${pid}/stat`, `${pid} (a) b (c) S ${parent} ${'0 '.repeat(17)}${start} 0\n`);
    put(`${pid}/net/tcp`, table(own.tcp ?? tcp));
    if (own.address !== undefined) {
      put(
        `${pid}/net/fib_trie`,
        `Local:\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- ${own.address}\n        /32 host LOCAL\n`,
      );
    }
    const { uid } = own;
    if (uid !== undefined) {
      put(`${pid}/status`, `Name:\ta\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    }
    if (maps !== undefined) put(`${pid}/maps`, maps);
    for (const [file, text] of Object.entries(files)) put(`${pid}/root/${file}`, text);
    if (sockets === undefined) continue;
    mkdirSync(join(path, String(pid), 'fd'));
    for (const [i, inode] of sockets.entries()) {
      symlinkSync(`socket:[${inode}]`, join(path, String(pid), 'fd', String(i + 3)));
    }
    symlinkSync('/dev/null', join(path, String(pid), 'fd', '0'));
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
