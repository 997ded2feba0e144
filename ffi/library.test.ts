import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testWith } from '../test/parts.ts';
import { region } from './arena.ts';
import { type Library, openLibrary } from './library.ts';

const ROOT = new URL('..', import.meta.url).pathname;

function opened(...candidates: readonly string[]): Library {
  const library = openLibrary(candidates);
  if ('error' in library) throw new Error(library.error);
  return library;
}

describe('openLibrary()', () => {
  test('opens a soname and binds functions', () => {
    const libc = opened('libc.so.6');
    expect(libc.path).toBe('libc.so.6');
    const memory = region(8);
    libc.bind(['memset'], ['ptr', 'i32', 'u64'], -1)(memory.pointer, 0x5a, 4);
    expect(memory.view.getUint32(0)).toBe(0x5a5a_5a5a);
    expect(memory.view.getUint32(4)).toBe(0);
  });

  test('bind() takes the first symbol that is there', () => {
    const libc = opened('libc.so.6');
    const abs = libc.bind(['abs_v2', 'abs', 'getpid'], ['i32'], -1);
    expect(abs(-3)).toBe(3);
    expect(libc.has('abs_v2')).toBe(false);
    expect(libc.has('abs')).toBe(true);
  });

  test('bind() answers what it was told where no symbol is there', () => {
    expect(opened('libc.so.6').bind(['abs_v3', 'abs_v2'], ['i32'], 13)(-3)).toBe(13);
  });

  test('goes on to the next candidate', () => {
    expect(opened('/nowhere/libc.so.6', 'libnowhere.so.1', 'libc.so.6').path).toBe('libc.so.6');
  });

  test('refuses relative paths', () => {
    expect(openLibrary(['./libc.so.6'])).toEqual({ error: './libc.so.6: not an absolute path' });
  });

  test('says what the loader says of the first candidate, when none is there', () => {
    expect(openLibrary(['libnowhere.so.1', '/nowhere/b.so'])).toEqual({
      error: expect.stringMatching(/^libnowhere\.so\.1: .*No such file or directory$/),
    });
    expect(openLibrary([])).toEqual({ error: 'no library to open' });
  });

  test('says why a library that is there cannot be loaded', () => {
    expect(openLibrary(['libnowhere.so.1', '/etc/passwd'])).toEqual({
      error: expect.stringMatching(/^\/etc\/passwd: .*ELF/),
    });
  });
});

describe('in another process', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'edgegauge-library-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** What openLibrary() answers there. */
  function answer(candidates: string[], cwd: string, env: Record<string, string> = {}): string {
    const path = JSON.stringify(join(ROOT, 'ffi/library.ts'));
    const call = `JSON.stringify(require(${path}).openLibrary(${JSON.stringify(candidates)}))`;
    const child = Bun.spawnSync([process.execPath, '-e', `console.log(${call})`], {
      cwd,
      env: { ...process.env, ...env },
    });
    return `${child.stdout}${child.stderr}`.trim();
  }

  testWith(['cc'], 'a soname is not looked for in the current directory', ({ cc }) => {
    const cwd = join(dir, 'cwd');
    mkdirSync(cwd);
    writeFileSync(join(dir, 'empty.c'), 'int here;');
    const library = join(cwd, 'libedgegauge-test.so.1');
    Bun.spawnSync([cc, '-shared', '-fPIC', join(dir, 'empty.c'), '-o', library]);
    expect(answer([library], cwd)).toBe(JSON.stringify({ path: library }));
    expect(answer(['libedgegauge-test.so.1'], cwd)).toContain('No such file or directory');
  });

  test('without a JIT it says so', () => {
    expect(answer(['libc.so.6'], dir, { BUN_JSC_useJIT: '0' })).toContain('requires the JIT');
  });
});
