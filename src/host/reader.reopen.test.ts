import { expect, test } from 'bun:test';
import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { Files } from './files.fixture.ts';
import { KernelFile, latin1, reopenFiles } from './reader.ts';

test('reopenFiles() makes a file tell what is there now: another one in its place, or none', () => {
  using files = new Files({ a: 'first\n', b: 'second\n' });
  const [path, other] = [`${files.root}/a`, `${files.root}/b`];
  const file = new KernelFile(path);
  expect(latin1(file.read())).toBe('first\n');
  renameSync(other, path);
  expect(latin1(file.read())).toBe('first\n');
  reopenFiles();
  expect(latin1(file.read())).toBe('second\n');
  unlinkSync(path);
  expect(latin1(file.read())).toBe('second\n');
  reopenFiles();
  expect(() => file.read()).toThrow('ENOENT');
  writeFileSync(path, 'third\n');
  expect(latin1(file.read())).toBe('third\n');
  file.close();
});
