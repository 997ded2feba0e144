import { afterAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../../test/parts.ts';
import { copy, put, readIfThere } from './files.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-files-'));
afterAll(() => rmSync(directory, { recursive: true }));

let made = 0;
const fresh = (): string => join(directory, String(made++), 'file');
const root = process.getuid?.() === 0 ? true : undefined;
const asRoot = (name: string, body: () => void): void =>
  needs(name, root, 'this is not root', body);

describe('put()', () => {
  asRoot('makes directories and the file, with owner and mode', () => {
    const path = fresh();
    expect(put(path, 'a', { mode: 0o640, gid: 7 })).toBe('new');
    const { mode, uid, gid } = statSync(path);
    expect([mode & 0o7777, uid, gid]).toEqual([0o640, 0, 7]);
    expect(readFileSync(path, 'utf8')).toBe('a');
  });

  asRoot('leaves alone what says the same, whoever owns it now', () => {
    const path = fresh();
    put(path, 'a', { mode: 0o640 });
    chmodSync(path, 0o600);
    const { ino } = statSync(path);
    expect(put(path, 'a', { mode: 0o640 })).toBe('same');
    expect([statSync(path).ino, statSync(path).mode & 0o777]).toEqual([ino, 0o600]);
  });

  asRoot('replaces as a whole: who has the old file open keeps it', () => {
    const path = fresh();
    put(path, 'a', { mode: 0o644 });
    const held = `${path}.held`;
    linkSync(path, held);
    expect(put(path, 'b', { mode: 0o644 })).toBe('changed');
    expect([readFileSync(held, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['a', 'b']);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['file', 'file.held']);
  });

  asRoot('leaves nothing behind where it fails', () => {
    const path = fresh();
    mkdirSync(path, { recursive: true });
    expect(() => put(path, 'a', { mode: 0o644 })).toThrow('EISDIR');
    expect(readdirSync(join(path, '..'))).toEqual(['file']);
  });
});

describe('copy()', () => {
  asRoot('copies what differs, by its bytes', () => {
    const [from, to] = [fresh(), fresh()];
    const big = Buffer.alloc(3 * 1024 * 1024, 7);
    mkdirSync(join(from, '..'), { recursive: true });
    writeFileSync(from, big);
    expect(copy(from, to, { mode: 0o755 })).toBe('new');
    expect(statSync(to).mode & 0o7777).toBe(0o755);
    expect(copy(from, to, { mode: 0o755 })).toBe('same');
    big[big.length - 1] = 8;
    writeFileSync(from, big);
    expect(copy(from, to, { mode: 0o755 })).toBe('changed');
    expect(readFileSync(to).equals(big)).toBe(true);
    writeFileSync(from, 'shorter');
    expect(copy(from, to, { mode: 0o755 })).toBe('changed');
  });

  asRoot('does nothing with a file that is the same one', () => {
    const path = fresh();
    put(path, 'a', { mode: 0o755 });
    expect(copy(path, path, { mode: 0o700 })).toBe('same');
  });
});

test('readIfThere() answers undefined only for what is not there', () => {
  expect(readIfThere(join(directory, 'nowhere'))).toBeUndefined();
  expect(() => readIfThere(directory)).toThrow('EISDIR');
});
