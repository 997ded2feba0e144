import { describe, expect, test } from 'bun:test';
import { SAID_NAN } from '../../board/board.ts';
import { parseTextfile, TextfileError } from './parse.ts';

/** Series as `name+suffix{labels}` with their values. */
function read(text: string): Record<string, readonly number[]> {
  const out: Record<string, readonly number[]> = {};
  for (const { name, series } of parseTextfile(text)) {
    for (const { labels, suffix, bounds, values } of series) {
      const le = bounds === undefined ? '' : ` le=${bounds.join(',')}`;
      out[`${name}${suffix}${JSON.stringify(labels)}${le}`] = values;
    }
  }
  return out;
}

const refusal = (text: string): string => {
  try {
    parseTextfile(text);
  } catch (error) {
    if (error instanceof TextfileError) return error.message;
    throw error;
  }
  return '';
};

describe('parseTextfile()', () => {
  test('reads samples with and without labels, type and help', () => {
    const [a, b] = parseTextfile(
      '# HELP a_total What it is.\n# TYPE a_total counter\na_total{y="2",x="1"} 41\n\n\t b 1.5e3\n',
    );
    expect(a).toMatchObject({ name: 'a_total', type: 'counter', help: 'What it is.' });
    expect(a?.series).toEqual([
      { labels: { x: '1', y: '2' }, suffix: '', bounds: undefined, values: [41] },
    ]);
    expect(b).toMatchObject({ name: 'b', type: 'unknown', help: undefined });
    expect(b?.series[0]?.values).toEqual([1500]);
  });

  for (const [text, value] of [
    ['0', 0],
    ['-0', -0],
    ['00012', 12],
    ['.5', 0.5],
    ['5.', 5],
    ['+1E-3', 0.001],
    ['9007199254740993', 9007199254740992],
    ['1e-400', 0],
    ['NaN', SAID_NAN],
    ['nan', SAID_NAN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['iNfInItY', Number.POSITIVE_INFINITY],
  ] as const) {
    test(`reads the value ${text}`, () => expect(read(`x ${text}\n`)).toEqual({ 'x{}': [value] }));
  }

  for (const text of [
    '',
    'x',
    '0x1F',
    '0x1p4',
    '1_000',
    '1e400',
    '--1',
    '+NaN',
    '1,5',
    'e5',
    '.',
    '1\r',
  ]) {
    test(`refuses the value ${JSON.stringify(text)}`, () =>
      expect(refusal(`# ok\nx ${text}\n`)).toStartWith('line 2: '));
  }

  test('undoes the escapes of labels and help', () => {
    const [family] = parseTextfile('# HELP x a\\\\b\\nc\\"d "e"\nx{l="a\\\\b\\nc\\"d"} 1\n');
    expect(family?.help).toBe('a\\b\nc"d "e"');
    expect(family?.series[0]?.labels).toEqual({ l: 'a\\b\nc"d' });
  });

  test('reads UTF-8, which comes one character per byte', () => {
    const [family] = parseTextfile(
      Buffer.from('# HELP x Größe\nx{l="ä😀"} 1\n').toString('latin1'),
    );
    expect(family?.help).toBe('Größe');
    expect(family?.series[0]?.labels).toEqual({ l: 'ä😀' });
  });

  test('takes an empty label for none, blanks wherever they may be, and a comma at the end', () => {
    expect(read('x \t{ a = "1" ,\tb="" , } \t2\n')).toEqual({ 'x{"a":"1"}': [2] });
    expect(read('x{}2\n')).toEqual({ 'x{}': [2] });
  });

  test('reads a histogram as one series per label set, bounds in order, then count, then sum', () => {
    expect(
      read(
        '# TYPE h histogram\n' +
          'h_bucket{le="10",k="a"} 7\nh_bucket{k="a",le="0.50"} 3\nh_bucket{k="a",le="+Inf"} 9\n' +
          'h_sum{k="a"} 4.5\nh_count{k="a"} 9\n' +
          'h_bucket{k="b",le="+Inf"} 2\nh_sum{k="b"} NaN\n',
      ),
    ).toEqual({
      'h{"k":"a"} le=0.5,10': [3, 7, 9, 4.5],
      'h{"k":"b"} le=': [2, SAID_NAN],
    });
  });

  test('leaves absent what a histogram does not say', () => {
    expect(read('# TYPE h histogram\nh_bucket{le="1"} 3\n')).toEqual({
      'h{} le=1': [3, Number.NaN, Number.NaN],
    });
  });

  test('reads a summary', () => {
    expect(
      read('# TYPE s summary\ns{quantile="0.50"} 2\ns{quantile="0.99"} 3\ns_sum 7\ns_count 4\n'),
    ).toEqual({
      's{"quantile":"0.5"}': [2],
      's{"quantile":"0.99"}': [3],
      's_sum{}': [7],
      's_count{}': [4],
    });
  });

  test('takes _sum and _count for families of their own where no TYPE says otherwise', () => {
    expect(read('x 1\nx_sum 2\nx_count 3\nx_bucket{le="z"} 4\n')).toEqual({
      'x{}': [1],
      'x_sum{}': [2],
      'x_count{}': [3],
      'x_bucket{"le":"z"}': [4],
    });
  });

  test('passes over comments, empty lines, and families without samples', () => {
    const text = '\n# just so\n#\n# HELP\n# TYPE x\n# EOF\n# HELP y why\n \t\nz 1\n  ';
    expect(parseTextfile(text).map((f) => f.name)).toEqual(['z']);
    expect(parseTextfile('')).toEqual([]);
  });

  for (const [what, text, message] of [
    ['a line without its end', 'a 1\nb 2', 'line 2: its end is missing'],
    ['a timestamp', 'a 1 1700000000000\n', 'line 1: what is behind the value is not taken: 17'],
    ['a blank behind the value', 'a 1 \n', 'line 1: what is behind the value is not taken'],
    ['a name with a dash', 'a-b 1\n', 'line 1: no valid name: a-b 1'],
    ['a name that starts with a digit', '1a 1\n', 'line 1: no valid name'],
    ['a quoted name', '{"a.b"} 1\n', 'line 1: no valid name'],
    ['no value', 'a\n', 'line 1: nothing is no value'],
    ['a label with a dash', 'a{b-c="d"} 1\n', 'line 1: no label can be read from b-c'],
    ['a label without quotes', 'a{b=c} 1\n', 'line 1: no label can be read from b=c'],
    ['labels that do not end', 'a{b="c" 1\n', 'line 1: no label can be read'],
    ['labels without a comma', 'a{b="c" d="e"} 1\n', 'line 1: no label can be read'],
    ['an unknown escape', 'a{b="\\x"} 1\n', 'line 1: no label can be read'],
    ['a label twice', 'a{b="1",b="2"} 1\n', 'line 1: the label b is there twice'],
    ['a reserved label', 'a{__name__="b"} 1\n', 'line 1: the label name __name__ is reserved'],
    ['a label that is not UTF-8', 'a{b="\xff"} 1\n', 'line 1: a label value is not UTF-8'],
    ['a type that is none', '# TYPE a counted\na 1\n', 'line 1: counted is no type'],
    ['a method for a type', '# TYPE a constructor\na 1\n', 'line 1: constructor is no type'],
    ['a second type', '# TYPE a gauge\n# TYPE a gauge\n', 'line 2: a second TYPE for a'],
    ['a type behind the samples', 'a 1\n# TYPE a gauge\n', 'line 2: a second TYPE for a'],
    ['a second help', '# HELP a b\n# HELP a b\n', 'line 2: a second HELP for a'],
    ['an escape in help', '# HELP a \\t\n', 'line 1: HELP has the invalid escape \\t'],
    ['a comment on an invalid name', '# TYPE a-b gauge\n', 'line 1: TYPE of an invalid name'],
    ['a sample twice', 'a{b="1"} 1\n\na{b="1"} 2\n', 'line 3: a is there twice'],
    ['a bucket without its bound', '# TYPE h histogram\nh_bucket 1\n', 'line 2: a sample of h has'],
    ['a bound that is no number', '# TYPE h histogram\nh_bucket{le="x"} 1\n', 'line 2: a sample'],
    ['a quantile that is none', '# TYPE s summary\ns 1\n', 'line 2: a sample of s has no number'],
    [
      'a bucket twice',
      '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="1.0"} 2\n',
      'line 3: h_bucket is there twice',
    ],
  ] as const) {
    test(`refuses ${what}`, () => expect(refusal(text)).toStartWith(message));
  }
});
