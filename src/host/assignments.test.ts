import { expect, test } from 'bun:test';
import { parseAssignments, readAssignments } from './assignments.ts';
import { Files } from './files.fixture.ts';

const parsed = (text: string): Record<string, string> => Object.fromEntries(parseAssignments(text));

test('parseAssignments() reads plain and quoted values, comments and blank lines', () => {
  const text = `# os-release
NAME="Debian GNU/Linux"
ID=debian

  VERSION='12 (bookworm)'
export EMPTY=
ALSO_EMPTY=""
`;
  expect(parsed(text)).toEqual({
    NAME: 'Debian GNU/Linux',
    ID: 'debian',
    VERSION: '12 (bookworm)',
    EMPTY: '',
    ALSO_EMPTY: '',
  });
});

test('parseAssignments() takes back the escapes of a shell', () => {
  expect(parsed('A="say \\"hi\\" for \\$5 \\\\ \\n"')).toEqual({ A: 'say "hi" for $5 \\ \\n' });
  expect(parsed("A='a\\b'")).toEqual({ A: 'a\\b' });
  expect(parsed('A=a\\ b')).toEqual({ A: 'a b' });
  expect(parsed(`A="a"'b'c # not this`)).toEqual({ A: 'abc' });
});

test('parseAssignments() lets the last assignment of a name count', () => {
  expect(parsed('V="7.2.3"\nV="7.4.0"\n')).toEqual({ V: '7.4.0' });
});

test('parseAssignments() passes over lines that are no assignments, or are cut short', () => {
  expect(parsed('no\n=x\n1A=x\nA B=x\nC="open\nD=\\\nconstructor=ok\nE=whole')).toEqual({
    constructor: 'ok',
    E: 'whole',
  });
  expect(parsed('')).toEqual({});
});

test('readAssignments() answers undefined without the file, and throws on what cannot be read', () => {
  using files = new Files({ 'etc/release': 'A=1\n' });
  expect(readAssignments(`${files.root}/etc/release`)?.get('A')).toBe('1');
  expect(readAssignments(`${files.root}/none`)).toBeUndefined();
  expect(() => readAssignments(`${files.root}/etc`)).toThrow('EISDIR');
});
