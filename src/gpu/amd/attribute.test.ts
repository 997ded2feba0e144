import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attributes } from './attribute.ts';

const root = mkdtempSync(join(tmpdir(), 'edgegauge-attribute-'));
afterAll(() => rmSync(root, { recursive: true }));
const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

test('numbers are read in decimal and in hexadecimal, without what is around them', () => {
  write('decimal', '  42\n');
  write('hex', '0x1f\n');
  write('words', 'none\n');
  const files = new Attributes(root);
  expect(files.number('decimal')).toBe(42);
  expect(files.number('hex')).toBe(31);
  expect(files.number('words')).toBeNaN();
  expect(files.text('words')).toBe('none');
});

test('a file that was not there when it was looked is never asked for', () => {
  const files = new Attributes(root);
  write('late', '1\n');
  expect(files.number('late')).toBeNaN();
  expect(new Attributes(root).number('late')).toBe(1);
});

test('a directory that is not there has no files', () => {
  const files = new Attributes(join(root, 'nowhere'));
  expect([...files.names]).toEqual([]);
  expect(files.text('x')).toBeUndefined();
});

test('a failure or two are forgotten; after a third in a row a file rests for ten readings', () => {
  write('moody', '');
  const files = new Attributes(root);
  expect(files.number('moody')).toBeNaN();
  expect(files.number('moody')).toBeNaN();
  write('moody', '5\n');
  expect(files.number('moody')).toBe(5);
  write('moody', '');
  for (let i = 0; i < 3; i++) expect(files.number('moody')).toBeNaN();
  write('moody', '6\n');
  for (let i = 0; i < 10; i++) expect(files.number('moody')).toBeNaN();
  expect(files.number('moody')).toBe(6);
});
