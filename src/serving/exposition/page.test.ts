import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Page } from './page.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly value: number;
}

function read(text: string | Uint8Array): { page: Page; samples: Sample[] } {
  const page = new Page(typeof text === 'string' ? new TextEncoder().encode(text) : text);
  const samples: Sample[] = [];
  while (page.next()) {
    const labels = page.labels();
    samples.push({ name: page.name, labels: labels && { ...labels }, value: page.value });
  }
  return { page, samples };
}

const one = (line: string): Sample | undefined => read(`${line}\n`).samples[0];

describe('what servers really write', () => {
  test.each([
    ['a colon in the name', 'vllm:num 3', { name: 'vllm:num', labels: {}, value: 3 }],
    ['a leading colon', ':tf:count{} 3', { name: ':tf:count', labels: {}, value: 3 }],
    ['a trailing comma', 'a{b="c",} 1', { name: 'a', labels: { b: 'c' }, value: 1 }],
    ['a long exponent', 'a 1.158e+011', { name: 'a', labels: {}, value: 1.158e11 }],
    ['a NaN of Windows', 'a -nan(ind)', { name: 'a', labels: {}, value: Number.NaN }],
    ['infinity', 'a{le="+Inf"} +Inf', { name: 'a', labels: { le: '+Inf' }, value: Infinity }],
    ['a time stamp', 'a 5 1700000000000', { name: 'a', labels: {}, value: 5 }],
    [
      'blanks and tabs',
      '  a { b = "c" , d="e" }\t5 ',
      { name: 'a', labels: { b: 'c', d: 'e' }, value: 5 },
    ],
    ['a line end of Windows', 'a{b="c"} 1\r', { name: 'a', labels: { b: 'c' }, value: 1 }],
    [
      'an exemplar',
      'a_bucket{le="1"} 5 # {trace="x } y"} 0.5 1.2',
      { name: 'a_bucket', labels: { le: '1' }, value: 5 },
    ],
    [
      'escapes',
      String.raw`a{b="x\"y\\z\nu\t"} 1`,
      { name: 'a', labels: { b: 'x"y\\z\nu\\t' }, value: 1 },
    ],
    ['braces in a label', 'a{b="}{"} 1', { name: 'a', labels: { b: '}{' }, value: 1 }],
    [
      'a quoted name',
      '{"http.time",code="200"} 1',
      { name: 'http.time', labels: { code: '200' }, value: 1 },
    ],
    ['letters beyond ASCII', 'a{b="größe"} 1', { name: 'a', labels: { b: 'größe' }, value: 1 }],
    [
      'a label with the name of a property',
      'a{__proto__="x"} 1',
      { name: 'a', labels: Object.fromEntries([['__proto__', 'x']]), value: 1 },
    ],
  ])('%s', (_, line, sample) => {
    expect(one(line)).toEqual(sample as Sample);
  });
});

test('blank lines and comments are no samples and no mistakes', () => {
  const { page, samples } = read('\n\n# HELP a text\n# TYPE a counter\n#\n# nothing\na 1\n\n');
  expect(samples).toHaveLength(1);
  expect(page.malformed).toBe(0);
  expect(page.types.get('a')).toBe('counter');
});

test.each([
  ['no value', 'a'],
  ['no number', 'a abc'],
  ['hexadecimal', 'a 0x10'],
  ['an unclosed brace', 'a{b="c" 1'],
  ['an unclosed text', 'a{b="c} 1'],
  ['no name', '{b="c"} 1'],
  ['a name that begins with a digit', '1a 1'],
  ['more than a time stamp', 'a 1 2 3'],
  ['an elision', '...'],
])('%s is left out and counted, its neighbours are kept', (_, line) => {
  const { page, samples } = read(`x 1\n${line}\ny 2\n`);
  expect(samples.map((s) => s.name)).toEqual(['x', 'y']);
  expect(page.malformed).toBe(1);
});

test.each(['a{b} 1', 'a{b=c} 1', 'a{="c"} 1', 'a{b="c" d="e"} 1', 'a{b="1",b="2"} 1', 'a{,} 1'])(
  'labels of %s are said to be malformed',
  (line) => {
    expect(one(line)?.labels).toBeUndefined();
  },
);

test('a page that was cut loses the line that was cut, and says so', () => {
  const { page, samples } = read('a 1\nb 123');
  expect(samples).toEqual([{ name: 'a', labels: {}, value: 1 }]);
  expect(page.truncated).toBe(true);
});

test('an OpenMetrics page ends with its mark', () => {
  const { page, samples } = read('# TYPE a counter\na_total 1\n# EOF\nb 2\n');
  expect(samples.map((s) => s.name)).toEqual(['a_total']);
  expect(page.truncated).toBe(false);
  expect(read('a_total 1\n# EOF').page.truncated).toBe(false);
});

test('the key is the text of name and labels', () => {
  const page = new Page(Buffer.from('a{b="c"} 1\na 2\n'));
  const keys: string[] = [];
  while (page.next()) keys.push(page.key);
  expect(keys).toEqual(['a{b="c"', 'a']);
});

describe('any page', () => {
  const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
  const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
  const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((s) => s.isWellFormed());
  const value = fc.oneof(fc.double(), fc.maxSafeInteger());
  const sample = fc.record({
    name,
    labels: fc.dictionary(label, text, { noNullPrototype: true }),
    value,
  });
  const escaped = (s: string): string =>
    s.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  const number = (x: number): string =>
    Object.is(x, -0) ? '-0' : x === Infinity ? '+Inf' : x === -Infinity ? '-Inf' : String(x);
  const render = (samples: readonly Sample[]): string =>
    samples
      .map(({ name, labels, value }) => {
        const inner = Object.entries(labels ?? {}).map(([k, v]) => `${k}="${escaped(v)}"`);
        return `${name}${inner.length === 0 ? '' : `{${inner.join(',')}}`} ${number(value)}\n`;
      })
      .join('');

  test('that is rendered is read as it was', () => {
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        const { page, samples: back } = read(render(samples));
        expect(page.malformed).toBe(0);
        expect(back).toEqual(samples);
      }),
    );
  });

  test('that is cut anywhere gives its first samples', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, part) => {
          const bytes = new TextEncoder().encode(render(samples));
          const { samples: back } = read(bytes.subarray(0, Math.floor(part * bytes.length)));
          expect(back).toEqual(samples.slice(0, back.length));
        },
      ),
    );
  });

  test('of any bytes at all is read to its end', () => {
    const pieces = fc.constantFrom(
      'a',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\n',
      '\r',
      '#',
      ' 1',
      'e',
      '# TYPE a b',
      '\u00ff',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(pieces, { maxLength: 60 }).map((p) => Buffer.from(p.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(bytes, (page) => {
        const lines = Buffer.from(page).toString('latin1').split('\n').length;
        const { page: end, samples } = read(page);
        expect(samples.length + end.malformed).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 2000 },
    );
  });

  test('takes time by its length: no line is read twice', () => {
    // A reader that looked for a closing brace or quote beyond the line would walk over the page for each line.
    for (const line of ['a{\n', 'a{b="\n', '"\n', 'a{b="\\\n']) {
      const bytes = Buffer.from(line.repeat(Math.floor(4e6 / line.length)));
      const page = new Page(bytes);
      const started = performance.now();
      while (page.next());
      expect(performance.now() - started).toBeLessThan(5000);
      expect(page.malformed).toBe(Math.floor(4e6 / line.length));
    }
  });
});
