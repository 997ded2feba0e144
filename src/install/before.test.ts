import { afterAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Before } from './before.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-before-'));
afterAll(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);
const replace = (name: string, text: string): void => {
  writeFileSync(at('scratch'), text);
  renameSync(at('scratch'), at(name));
};

describe('Before', () => {
  test('puts back what was replaced, with its mode, and takes away what was not there', () => {
    writeFileSync(at('old'), 'one');
    chmodSync(at('old'), 0o640);
    writeFileSync(at('same'), 'as ever');
    using before = new Before();
    for (const name of ['old', 'same', 'new']) before.keep(at(name));
    replace('old', 'two');
    replace('new', 'two');
    // Kept twice: the first time counts.
    before.keep(at('old'));
    before.restore();
    expect(readdirSync(directory).sort()).toEqual(['old', 'same']);
    expect(readFileSync(at('old'), 'utf8')).toBe('one');
    expect(statSync(at('old')).mode & 0o777).toBe(0o640);
    expect(readFileSync(at('same'), 'utf8')).toBe('as ever');
  });

  test('leaves nothing behind where all went well, nor of a run that was killed', () => {
    writeFileSync(at('old'), 'one');
    writeFileSync(at('.old.before'), 'of a run that was killed');
    {
      using before = new Before();
      before.keep(at('old'));
      expect(readFileSync(at('.old.before'), 'utf8')).toBe('one');
      replace('old', 'two');
    }
    expect(readFileSync(at('old'), 'utf8')).toBe('two');
    expect(readdirSync(directory)).not.toContain('.old.before');
  });

  test('keeps a file that is in a directory which is not there yet', () => {
    using before = new Before();
    before.keep(at('sub/file'));
    expect(() => before.restore()).not.toThrow();
  });
});
