import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { NameTable } from './names.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('NameTable finds every name that was added, by its number, and no other', () => {
  const name = fc.uint8Array({ minLength: 0, maxLength: 3, max: 3 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 80 }), fc.array(name), (added, asked) => {
      const table = new NameTable();
      const model = new Map<string, number>();
      for (const one of added) {
        const key = one.join();
        if (!model.has(key)) model.set(key, model.size);
        expect(table.add(one, 0, one.length)).toBe(model.get(key) as number);
      }
      expect(table.size).toBe(model.size);
      for (const one of asked)
        expect(table.find(one, 0, one.length)).toBe(model.get(one.join()) ?? -1);
    }),
  );
});

test('NameTable looks only at the bytes between the two ends', () => {
  const table = new NameTable();
  table.add(bytes('xxeth0xx'), 2, 6);
  expect(table.find(bytes('eth0'), 0, 4)).toBe(0);
  expect(table.find(bytes('eth01'), 0, 5)).toBe(-1);
  expect(table.find(bytes('eth01'), 0, 4)).toBe(0);
});

test('NameTable keeps its own copy of a name', () => {
  const table = new NameTable();
  const buffer = bytes('eth0');
  table.add(buffer, 0, 4);
  buffer.fill(0);
  expect(table.labels).toEqual(['eth0']);
  expect(table.find(bytes('eth0'), 0, 4)).toBe(0);
});

test('NameTable reads names as UTF-8 and replaces what is not', () => {
  const table = new NameTable();
  for (const name of ['\xc3\xbcml', 'b\xff']) table.add(bytes(name), 0, name.length);
  expect(table.labels).toEqual(['üml', 'b\ufffd']);
});

test('NameTable is empty after clear()', () => {
  const table = new NameTable();
  for (let i = 0; i < 100; i++) table.add(bytes(`veth${i}`), 0, `veth${i}`.length);
  table.clear();
  expect(table.size).toBe(0);
  expect(table.find(bytes('veth7'), 0, 5)).toBe(-1);
  expect(table.add(bytes('veth7'), 0, 5)).toBe(0);
});
