import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { filefd } from './filefd.ts';
import { Files } from './files.fixture.ts';

const FILE = 'proc/sys/fs/file-nr';
const sampled = (text: string): string[] => {
  using files = new Files({ [FILE]: text });
  return new Exposed(filefd(files.paths)).sample();
};

test('filefd() reads open files and their limit', () => {
  expect(sampled('592\t0\t2466183\n')).toEqual([
    'node_filefd_allocated 592',
    'node_filefd_maximum 2466183',
  ]);
});

test('filefd() reads the limit of a kernel that sets none', () => {
  expect(sampled('592\t0\t9223372036854775807\n')).toContain(
    'node_filefd_maximum 9223372036854776000',
  );
});

test('filefd() leaves out what is missing or no number', () => {
  expect(sampled('592\n')).toEqual(['node_filefd_allocated 592']);
  expect(sampled('-\t0\t7\n')).toEqual(['node_filefd_maximum 7']);
  expect(sampled('')).toEqual([]);
});

test('filefd() reads a fixture machine', () => {
  using files = Files.machine('vm', FILE);
  expect(new Exposed(filefd(files.paths)).sample()).toEqual([
    'node_filefd_allocated 1248',
    'node_filefd_maximum 9223372036854776000',
  ]);
});
