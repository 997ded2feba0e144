import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { SAMPLE } from '../board/source.ts';
import { Program } from './program.ts';
import { scan, scanEnd, scanHex, scanNumber } from './scan.ts';

const MOST = 2n ** 64n - 1n;
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** The bytes of a text of which none at or past `length` may be looked at. */
const fenced = (text: string, length: number): Uint8Array =>
  new Proxy(bytesOf(text), {
    get(bytes, key) {
      if (Number(key) >= length) throw new Error(`byte ${String(key)} of ${length} was read`);
      return Reflect.get(bytes, key);
    },
  });

/** The number that is written in `text`, read with bytes before it and digits behind it. */
function read(text: string, scanner = scanNumber): number {
  const bytes = bytesOf(`7${text}99`);
  const value = scanner(bytes, 1, 1 + text.length);
  expect(scanEnd()).toBe(1 + text.length);
  return value;
}

describe('scanNumber()', () => {
  const bigint = fc.oneof(
    fc.bigInt({ min: 0n, max: MOST }),
    // Half of all 64-bit numbers have 20 digits; each length is as likely here.
    fc.nat({ max: 64 }).chain((bits) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })),
    fc.bigInt({ min: -300n, max: 300n }).map((k) => 2n ** 53n + k),
    fc.bigInt({ min: -300n, max: 300n }).map((k) => 10n ** 15n + k),
    fc.bigInt({ min: 0n, max: 300n }).map((k) => MOST - k),
  );

  test('equals Number(text) for every u64', () => {
    fc.assert(
      fc.property(bigint, (n) => {
        expect(read(String(n))).toBe(Number(String(n)));
      }),
      { numRuns: 5000 },
    );
  });

  test('equals Number(text) where a naive reader rounds twice', () => {
    // Halfway between two doubles, or next to it.
    for (let power = 53n; power < 64n; power++) {
      const step = 2n ** (power - 52n);
      for (const k of [1n, 2n, 3n, 5n]) {
        for (const near of [-1n, 0n, 1n]) {
          const n = 2n ** power + (k * step) / 2n + near;
          expect(read(String(n))).toBe(Number(String(n)));
        }
      }
    }
    expect(read(String(MOST))).toBe(2 ** 64);
  });

  test('equals Number(text) for negative integers and for leading zeros', () => {
    fc.assert(
      fc.property(bigint, fc.nat({ max: 30 }), (n, zeros) => {
        const text = `-${'0'.repeat(zeros)}${n}`;
        expect(read(text)).toBe(Number(text));
      }),
    );
  });

  test('equals Number(text) for decimals of up to 15 digits', () => {
    const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.nat({ max: 15 }));
    fc.assert(
      fc.property(decimal, fc.boolean(), ([digits, point], negative) => {
        const all = String(digits)
          .padStart(point + 1, '0')
          .slice(-15);
        const at = all.length - point;
        const text = `${negative ? '-' : ''}${all.slice(0, at) || '0'}.${all.slice(at)}`;
        expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps the size of a number with more decimals than a double has', () => {
    for (const text of [`0.${'0'.repeat(22)}1`, `1.${'5'.repeat(40)}`, '123456789012345678.25']) {
      expect(Math.abs(read(text) / Number(text) - 1)).toBeLessThan(1e-15);
    }
  });

  test('reads no number where there is none, and stays there', () => {
    for (const text of ['', '-', 'x', '.5', '+5', ' 5', '--5', '\xb2']) {
      expect(scanNumber(bytesOf(`12${text}`), 2, 2 + text.length)).toBeNaN();
      expect(scanEnd()).toBe(2);
    }
  });

  test('stops at the first byte that is not part of it', () => {
    const bytes = bytesOf('12.5.3 0x10 7-8 9e3');
    expect([scanNumber(bytes, 0, bytes.length), scanEnd()]).toEqual([12.5, 4]);
    expect([scanNumber(bytes, 7, bytes.length), scanEnd()]).toEqual([0, 8]);
    expect([scanNumber(bytes, 12, bytes.length), scanEnd()]).toEqual([7, 13]);
    expect([scanNumber(bytes, 16, bytes.length), scanEnd()]).toEqual([9, 17]);
  });

  test('never reads at or past the length', () => {
    const all = '-12.3456789';
    for (let length = 0; length <= all.length; length++) {
      const text = all.slice(0, length);
      const value = scanNumber(fenced(all, length), 0, length);
      expect(value).toBe(/\d/.test(text) ? Number(text) : Number.NaN);
    }
    expect(scanNumber(fenced('1-2', 1), 1, 1)).toBeNaN();
    expect(scanNumber(fenced('1.2', 1), 0, 1)).toBe(1);
  });
});

describe('scanHex()', () => {
  const upTo13 = fc.maxSafeNat().filter((n) => n < 16 ** 13);

  test('equals Number(0x…) for up to 13 digits of either case', () => {
    fc.assert(
      fc.property(upTo13, fc.boolean(), fc.nat({ max: 4 }), (n, upper, zeros) => {
        const text = '0'.repeat(zeros) + n.toString(16);
        expect(read(upper ? text.toUpperCase() : text, scanHex)).toBe(n);
      }),
      { numRuns: 2000 },
    );
  });

  test('takes hexadecimal digits alone for digits', () => {
    for (let c = 0; c < 256; c++) {
      const digit = Number.parseInt(String.fromCharCode(c), 16);
      expect(scanHex(Uint8Array.of(c, 0x31), 0, 1)).toBe(digit);
      expect(scanEnd()).toBe(Number.isNaN(digit) ? 0 : 1);
    }
  });

  test('never reads at or past the length', () => {
    for (const [length, value] of [Number.NaN, 15, 255, 4080, 65_281].entries()) {
      expect(scanHex(fenced('ff01', length), 0, length)).toBe(value);
      expect(scanHex(fenced('ff01', length), length, length)).toBeNaN();
    }
  });
});

describe('scan()', () => {
  const ABSENT = Number.NaN;
  const STALE = -1;

  function compiled(build: (program: Program) => void, separators = ' \t'): Program {
    const program = new Program(separators);
    build(program);
    program.seal();
    return program;
  }

  /** Runs it over a text that is followed by other lines of the shared buffer. */
  function run(program: Program, text: string, slots = 3): [number, ...number[]] {
    const values = new Float64Array(slots).fill(STALE);
    const bytes = bytesOf(`${text}77 88\nname 99\n`);
    return [scan(program, bytes, text.length, values), ...values];
  }

  const line = compiled((p) => {
    p.word('name');
    p.number(0);
    p.skip();
    p.number(1, { over: 100 });
    p.hex(2);
    p.rest();
  });

  test('puts each number into its slot, in base units', () => {
    expect(run(line, 'name 12 ignored 345 fF\n')).toEqual([SAMPLE.ok, 12, 3.45, 255]);
    const units = compiled((p) => {
      p.number(0, { times: 1024 });
      p.number(1, { over: 1_000_000 });
      p.rest();
    });
    expect(run(units, '3 3\n', 2)).toEqual([SAMPLE.ok, 3072, 0.000003]);
  });

  test('divides, so that a decimal fraction comes out as it is written', () => {
    const program = compiled((p) => {
      p.number(0, { over: 100 });
      p.rest();
    });
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (ticks) => {
        const text = `${ticks}\n`;
        expect(run(program, text, 1)[1]).toBe(Number(`${ticks}e-2`));
      }),
    );
  });

  test('passes over whatever stands between tokens, and what the shape leaves of a line', () => {
    expect(run(line, '  \tname\t \t12  x  345 ff \t and more 1 2 3\n')).toEqual([
      SAMPLE.ok,
      12,
      3.45,
      255,
    ]);
    const colons = compiled((p) => {
      p.word('eth0');
      p.number(0);
      p.rest();
    }, ' :');
    expect(run(colons, 'eth0:5\n', 1)).toEqual([SAMPLE.ok, 5]);
    expect(run(colons, 'eth0: 5:6\n', 1)).toEqual([SAMPLE.ok, 5]);
  });

  test('makes a slot absent whose token is no number, or is missing, or runs on', () => {
    expect(run(line, 'name x ignored - 1g\n')).toEqual([SAMPLE.ok, ABSENT, ABSENT, ABSENT]);
    expect(run(line, 'name 12kB ignored 3.4.5 0x1\n')).toEqual([SAMPLE.ok, ABSENT, ABSENT, ABSENT]);
    expect(run(line, 'name 12\n')).toEqual([SAMPLE.ok, 12, ABSENT, ABSENT]);
    expect(run(line, 'name\n')).toEqual([SAMPLE.ok, ABSENT, ABSENT, ABSENT]);
  });

  test.each([
    'nam 1 x 2 3\n',
    'names 1 x 2 3\n',
    'Name 1 x 2 3\n',
    'name1 x 2 3\n',
    'name 1 x 2 3',
    'name 1 x 2 3 ',
    'name 1 x 2 3 more',
    'name 1 x 2 3\nname 1 x 2 3\n',
    'name 1 x 2 3\n\n',
    'name 1 x 2 3\nh',
    '\nname 1 x 2 3\n',
    '\n',
    'na',
    '',
  ])('asks for a rescan of %j', (text) => {
    expect(run(line, text)[0]).toBe(SAMPLE.rescan);
  });

  test('asks for a rescan of a line that is cut anywhere, though the rest of it stands in the buffer', () => {
    const text = 'name 12 ignored 345 ff more\n';
    for (let length = 0; length < text.length; length++) {
      const values = new Float64Array(3);
      expect(scan(line, bytesOf(text), length, values)).toBe(SAMPLE.rescan);
    }
  });

  test('takes an empty line for a line, and an empty file for no lines', () => {
    const empty = compiled((p) => p.rest());
    expect(run(empty, '\n')[0]).toBe(SAMPLE.ok);
    expect(run(empty, '')[0]).toBe(SAMPLE.rescan);
    const nothing = compiled(() => {});
    expect(run(nothing, '')[0]).toBe(SAMPLE.ok);
    expect(run(nothing, '\n')[0]).toBe(SAMPLE.rescan);
  });

  test('compares words byte by byte, whatever they are', () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0xc3, 0x20, 0x35, 0x0a);
    const program = compiled((p) => {
      p.word('\xff\0\xc3');
      p.number(0);
      p.rest();
    });
    const values = new Float64Array(1);
    expect(scan(program, bytes, bytes.length, values)).toBe(SAMPLE.ok);
    expect(values[0]).toBe(5);
    bytes[2] = 0xc4;
    expect(scan(program, bytes, bytes.length, values)).toBe(SAMPLE.rescan);
  });
});
