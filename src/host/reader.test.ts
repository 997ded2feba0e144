import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import fc from 'fast-check';
import { Files } from './files.fixture.ts';
import { contents, KernelFile, latin1, utf8, wholeLines } from './reader.ts';

const FILE = 'proc/file';

class Machine implements Disposable {
  readonly files: Files;
  readonly file: KernelFile;

  constructor(content?: string | Uint8Array) {
    this.files = new Files(content === undefined ? {} : { [FILE]: content });
    this.file = new KernelFile(`${this.files.root}/${FILE}`);
  }

  read(): Buffer {
    const length = this.file.read();
    return Buffer.from(contents().slice(0, length));
  }

  /** What read() throws, `undefined` where it reads. */
  error(): string | undefined {
    try {
      this.file.read();
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  }

  [Symbol.dispose](): void {
    this.file.close();
    this.files[Symbol.dispose]();
  }
}

/** Bytes that differ from place to place, so that a page in the wrong place is seen. */
function pattern(size: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed) & 255;
  return bytes;
}

/** How many descriptors of this process are open on a path. */
function descriptors(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // The descriptor that readdir(3) used.
      return false;
    }
  }).length;
}

describe('KernelFile', () => {
  test('read() has every byte, whatever the size of the file', () => {
    for (const size of [0, 1, 3071, 3072, 3073, 4096, 65_535, 65_536, 65_537, 300_000]) {
      using machine = new Machine(pattern(size));
      expect(machine.read().equals(pattern(size))).toBe(true);
      // The buffer may have grown meanwhile.
      expect(machine.read().equals(pattern(size))).toBe(true);
    }
  });

  test('read() has the file as it is now, grown beyond the buffer and shrunk again', () => {
    using machine = new Machine('');
    for (const [seed, size] of [10, 500_000, 3072, 0, 2_000_000, 5].entries()) {
      machine.files.write(FILE, pattern(size, seed));
      expect(machine.read().equals(pattern(size, seed))).toBe(true);
    }
  });

  test('read() has all of a /proc file that says it has no size and hands out a page at a time', () => {
    const path = existsSync('/proc/kallsyms') ? '/proc/kallsyms' : '/proc/filesystems';
    const file = new KernelFile(path);
    const length = file.read();
    file.close();
    const text = Buffer.from(contents().slice(0, length)).toString('latin1');
    expect(text).toBe(readFileSync(path, 'latin1').slice(0, 16 * 1024 * 1024));
  });

  test('read() keeps one descriptor, close() gives it back, and read() opens anew', () => {
    using machine = new Machine('first\n');
    const open = (): number => descriptors(machine.file.path);
    machine.read();
    machine.read();
    expect(open()).toBe(1);
    machine.file.close();
    machine.file.close();
    expect(open()).toBe(0);
    machine.files.write(FILE, 'second\n');
    expect(machine.read().toString()).toBe('second\n');
    expect(open()).toBe(1);
  });

  test('read() asks once where a short answer was surely all, and no more than twice for a page', () => {
    using short = new Machine('x'.repeat(3071));
    using long = new Machine('x'.repeat(3072));
    const cost = (machine: Machine): number => {
      machine.file.read();
      const before = reads();
      for (let i = 0; i < 1000; i++) machine.file.read();
      return Math.round((reads() - before) / 1000);
    };
    expect(cost(short)).toBe(1);
    expect(cost(long)).toBe(2);
  });

  test('read() throws what open(2) and read(2) answer, and reads once it can', () => {
    using machine = new Machine();
    for (let i = 0; i < 3; i++) expect(machine.error()).toBe('ENOENT');
    machine.files.write(`${FILE}/below`, '');
    for (let i = 0; i < 3; i++) expect(machine.error()).toBe('EISDIR');
    expect(descriptors(machine.file.path)).toBe(0);
    machine.files.remove(FILE);
    machine.files.write(FILE, 'there\n');
    expect(machine.error()).toBeUndefined();
    expect(machine.read().toString()).toBe('there\n');
  });

  test('read() of one file replaces what another left', () => {
    using one = new Machine('one one one\n');
    using two = new Machine('two\n');
    one.read();
    expect(two.read().toString()).toBe('two\n');
    expect(one.read().toString()).toBe('one one one\n');
  });
});

/** Calls of read(2) and pread(2) of this process so far; this function itself is a constant number of them. */
function reads(): number {
  return Number(/^syscr: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

test('wholeLines() ends behind the last newline, whatever stood in the buffer before', () => {
  using machine = new Machine('x\n'.repeat(50));
  machine.read();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n') }), (text) => {
      machine.files.write(FILE, text);
      expect(wholeLines(machine.file.read())).toBe(text.lastIndexOf('\n') + 1);
    }),
  );
});

test('latin1() keeps every byte, utf8() reads them as UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      using machine = new Machine(bytes);
      const text = latin1(machine.file.read());
      expect([...text].map((c) => c.charCodeAt(0))).toEqual([...bytes]);
      expect(utf8(text)).toBe(Buffer.from(bytes).toString('utf8'));
    }),
    { numRuns: 50 },
  );
  expect(utf8(Buffer.from('Straße \u{1f4bb}').toString('latin1'))).toBe('Straße \u{1f4bb}');
});
