import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { Files } from './files.fixture.ts';
import { udevProperties } from './udev.ts';

test('udevProperties() reads the properties of the device with these numbers', () => {
  using files = new Files({
    'data/b8:0':
      'S:disk/by-id/x\nI:12\nE:ID_MODEL=A=B c\nE:EMPTY=\nE:=x\nE:NO\nG:systemd\nE:LAST=1',
    'data/b8:1': 'E:ID_MODEL=other\n',
  });
  expect([...udevProperties(join(files.root, 'data'), '8', '0')]).toEqual([
    ['ID_MODEL', 'A=B c'],
    ['EMPTY', ''],
    ['LAST', '1'],
  ]);
});

test('udevProperties() has none where udev has not seen the device', () => {
  using files = new Files({ 'data/b8:0': 'E:A=1\n' });
  expect(udevProperties(join(files.root, 'data'), '8', '16').size).toBe(0);
  expect(udevProperties(join(files.root, 'nowhere'), '8', '0').size).toBe(0);
});
