import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Lines, parseMessage } from './messages.ts';

test('Lines.push() gives the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).map((s) => `x${s.replaceAll('\n', '')}`)),
      fc.array(fc.nat(40)),
      (texts, cuts) => {
        const bytes = new TextEncoder().encode(texts.map((t) => `${t}\n`).join(''));
        const lines = new Lines();
        const got: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          got.push(...lines.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        expect(got).toEqual(texts);
      },
    ),
  );
});

test('Lines.push() leaves out empty lines and what has no end yet', () => {
  const lines = new Lines();
  expect(lines.push(Buffer.from('\n{"a":1}\n\n  \nhal'))).toEqual(['{"a":1}']);
  expect(lines.push(Buffer.from('f\n'))).toEqual(['half']);
});

test('parseMessage() answers undefined for what a library prints', () => {
  expect(parseMessage<{ a: number }>('{"a":1}')).toEqual({ a: 1 });
  for (const line of ['ERROR: rsmi_init', '{braces}', '{"a":1', '7', 'null', '[]']) {
    expect(parseMessage(line)).toBeUndefined();
  }
});
