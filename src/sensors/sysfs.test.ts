import { afterAll, describe, expect, test } from 'bun:test';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  files,
  inode,
  linkName,
  list,
  readAll,
  readNumber,
  readRaw,
  readText,
  resolve,
} from './sysfs.ts';
import { OnDisk } from './tree.fixture.ts';

const disk = new OnDisk(
  new Map<string, string | Uint8Array>([
    ['d/text', '  two words \n'],
    ['d/number', '18446744073709551615\n'],
    ['d/hex', '0x00000000410fd851\n'],
    ['d/empty', ''],
    ['d/latin1', new Uint8Array([0x35, 0xb0, 0xb0, 0x43, 0x0a])],
    ['d/long', `${'x'.repeat(5000)}\n`],
    ['d/temp10', ''],
    ['d/temp2', ''],
    ['d/folder/file', ''],
  ]),
);
const at = (name: string): string => join(disk.root, 'd', name);
symlinkSync('folder', at('link'));
symlinkSync('nowhere', at('dangling'));
afterAll(() => disk[Symbol.dispose]());

describe('readText()', () => {
  test('trims, and leaves inner white space', () => {
    expect(readText(at('text'))).toBe('two words');
    expect(readText(at('empty'))).toBe('');
  });

  test('has one replacement character for a run of bytes that are not UTF-8', () => {
    expect(readText(at('latin1'))).toBe('5\uFFFDC');
  });

  test('is undefined where there is nothing to read', () => {
    for (const name of ['none', 'folder', 'text/none', 'dangling']) {
      expect(readText(at(name)), name).toBeUndefined();
    }
  });
});

test('readRaw() leaves the text as it is, up to 4096 bytes', () => {
  expect(readRaw(at('text'))).toBe('  two words \n');
  expect(readRaw(at('long'))).toHaveLength(4096);
});

test('readAll() reads a long file whole', () => {
  expect(readAll(at('long'))).toHaveLength(5001);
  expect(readAll(at('none'))).toBeUndefined();
});

test('readNumber() reads decimal and hexadecimal numbers, and NaN from everything else', () => {
  expect(readNumber(at('number'))).toBe(2 ** 64);
  expect(readNumber(at('hex'))).toBe(0x410fd851);
  for (const name of ['text', 'empty', 'none', 'folder']) expect(readNumber(at(name))).toBeNaN();
});

test('list() and files() sort numbers in names by their value', () => {
  expect(list(at('')).filter((n) => n.startsWith('temp'))).toEqual(['temp2', 'temp10']);
  expect(files(at('')).filter((n) => n.startsWith('temp'))).toEqual(['temp2', 'temp10']);
  expect(list(at('none'))).toEqual([]);
});

test('files() leaves out directories and links', () => {
  const names = files(at(''));
  expect(names).toContain('text');
  for (const name of ['folder', 'link', 'dangling']) expect(names).not.toContain(name);
  expect(files(at('none'))).toEqual([]);
});

test('inode() and resolve() follow links', () => {
  expect(inode(at('link'))).toBe(inode(at('folder')) as number);
  expect(resolve(at('link'))).toBe(at('folder'));
  expect(inode(at('dangling'))).toBeUndefined();
  expect(resolve(at('dangling'))).toBeUndefined();
});

test('linkName() is the last part of the target', () => {
  expect(linkName(at('link'))).toBe('folder');
  expect(linkName(at('text'))).toBeUndefined();
});
