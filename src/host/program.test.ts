import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Program, tokens } from './program.ts';

describe('tokens()', () => {
  const { separators } = new Program(' \t:');

  test('splits at runs of separators', () => {
    expect(tokens('  eth0:\t1 2\t', separators)).toEqual(['eth0', '1', '2']);
    expect(tokens('', separators)).toEqual([]);
    expect(tokens(' : ', separators)).toEqual([]);
  });

  test('leaves no byte out but separators, and none of them in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab: \t\xff\0') }), (line) => {
        expect(tokens(line, separators)).toEqual(line.split(/[ \t:]+/).filter((t) => t !== ''));
      }),
    );
  });
});

test('Program never takes a newline for a separator of its own', () => {
  expect(new Program(' \t').separators['\n'.charCodeAt(0)]).toBe(0);
});
