import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { CELL, cells, FILE, file, Machine, shape, written } from './file-source.fixture.ts';
import { type FileSourceSpec, fileSource } from './file-source.ts';
import { Files } from './files.fixture.ts';

describe('fileSource()', () => {
  test('reads every number of any file, and again when the numbers move', () => {
    fc.assert(
      fc.property(file, (table) => {
        using machine = new Machine({ [FILE]: written(table) });
        expect(machine.sample()).toEqual(cells(table));
        const { version } = machine.layout;
        const moved = table.map((row) => ({
          ...row,
          columns: row.columns.map((c) => ({ ...c, text: `1${c.text}` })),
        }));
        machine.files.write(FILE, written(moved));
        expect(machine.sample()).toEqual(cells(moved));
        expect(machine.layout.version).toBe(version);
        expect(machine.complaints).toEqual([]);
      }),
    );
  });

  test('follows a file whose lines come, go and change', () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 2, maxLength: 5 }), (tables) => {
        using machine = new Machine({ [FILE]: '' });
        for (const table of tables) {
          machine.files.write(FILE, written(table));
          expect(machine.sample()).toEqual(cells(table));
        }
        expect(machine.complaints).toEqual([]);
      }),
    );
  });

  test('shows of a file that is cut anywhere its whole lines, and never the beginning of a number', () => {
    fc.assert(
      fc.property(file, (table) => {
        const text = written(table);
        const whole = cells(table);
        using machine = new Machine({ [FILE]: text });
        for (let length = text.length; length >= 0; length--) {
          machine.files.write(FILE, text.slice(0, length));
          const lines = text.slice(0, length).split('\n').length - 1;
          const expected = cells(table.slice(0, lines));
          expect(machine.sample()).toEqual(expected);
          // The same where it was never seen whole.
          using cut = new Machine({ [FILE]: text.slice(0, length) });
          expect(cut.sample()).toEqual(expected);
        }
        machine.files.write(FILE, text);
        expect(machine.sample()).toEqual(whole);
        expect(machine.complaints).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('reads 10,000 lines, and sees that one of them is gone', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `${i}-nx ${i * 3} ${i.toString(16)}\n`);
    using machine = new Machine({ [FILE]: lines.join('') });
    expect(machine.sample().size).toBe(20_000);
    expect(machine.sample().get('9999-nx 0')).toBe(29_997);
    machine.files.write(FILE, lines.toSpliced(5000, 1).join(''));
    const values = machine.sample();
    expect(values.size).toBe(19_998);
    expect(values.has('5000-nx 0')).toBe(false);
    expect(values.get('9999-nx 1')).toBe(9999);
  });

  test('keeps the slots of lines that stay when others come and go', () => {
    using machine = new Machine({ [FILE]: '1-n 5\n2-n 6\n' });
    machine.sample();
    const slots = (): (number | undefined)[] =>
      ['1-n', '2-n'].map(
        (name) => [...machine.layout.series('test')].find((s) => s.labels['name'] === name)?.slot,
      );
    const [first, second] = slots();
    machine.files.write(FILE, '0-n 4\n2-n 6\n');
    machine.sample();
    expect(slots()).toEqual([undefined, second]);
    machine.files.write(FILE, '1-n 5\n2-n 6\n');
    machine.sample();
    // Its block rests for a while: a page compiled before must not show another's value.
    expect(slots()).not.toEqual([first, second]);
    expect(slots()[1]).toBe(second);
  });

  test('splits at the separators of the file', () => {
    using machine = new Machine({ [FILE]: '1-nn:5,6\n' }, (root) => ({
      files: [{ path: `${root}/${FILE}`, separators: ':,', shape }],
    }));
    expect([...machine.sample().values()]).toEqual([5, 6]);
  });

  test('gives a shape all lines, so that a header can name the columns', () => {
    const seen: string[] = [];
    using machine = new Machine({ [FILE]: 'a b\n\nc d\n' }, (root) => ({
      files: [
        {
          path: `${root}/${FILE}`,
          shape: ({ tokens, at, lines }) => {
            seen.push(`${at} ${tokens.join()} of ${lines.map((l) => l.join()).join('/')}`);
          },
        },
      ],
    }));
    expect(machine.sample().size).toBe(0);
    expect(seen).toEqual(['0 a,b of a,b//c,d', '1  of a,b//c,d', '2 c,d of a,b//c,d']);
  });

  test('hands bytes that are not UTF-8 through, and compares them as they are', () => {
    using machine = new Machine({ [FILE]: '' });
    const name = '\xff\xc3-n';
    machine.files.write(FILE, Buffer.from(`${name} 5\n`, 'latin1'));
    expect(machine.sample()).toEqual(new Map([[`${name} 0`, 5]]));
    machine.files.write(FILE, Buffer.from(`${name} 6\n`, 'latin1'));
    expect(machine.sample()).toEqual(new Map([[`${name} 0`, 6]]));
  });

  test('computes from all files after they were read, at every sample', () => {
    let sum = -1;
    const slots: number[] = [];
    using machine = new Machine({ [FILE]: '1-n 5\n', 'proc/other': '2-n 6\n' }, (root) => ({
      files: [FILE, 'proc/other'].map((name) => ({
        path: `${root}/${name}`,
        shape(line, program, draft) {
          shape(line, program, draft);
          slots.push(draft.slot(CELL, { name: line.tokens[0] as string, column: '0' }));
        },
      })),
      derive(draft) {
        sum = draft.slot(CELL, { name: 'sum', column: '0' });
      },
      after(values) {
        values[sum] = slots.reduce((n, slot) => n + (values[slot] as number), 0);
      },
    }));
    expect(machine.sample().get('sum 0')).toBe(11);
    machine.files.write('proc/other', '2-n 7\n');
    expect(machine.sample().get('sum 0')).toBe(12);
  });

  test('is absent without its file, and no failure', () => {
    using machine = new Machine({});
    expect(machine.sample().size).toBe(0);
    expect(machine.status).toBe('absent');
    expect(machine.complaints).toEqual([]);
  });

  test('does without an optional file, but is absent without all of them', () => {
    const specs = (root: string): Pick<FileSourceSpec, 'files'> => ({
      files: [FILE, 'proc/other'].map((name) => ({
        path: `${root}/${name}`,
        optional: true,
        shape,
      })),
    });
    using one = new Machine({ 'proc/other': '2-n 6\n' }, specs);
    expect(one.sample()).toEqual(new Map([['2-n 0', 6]]));
    expect(one.status).toBe('ok');
    using none = new Machine({}, specs);
    expect(none.sample().size).toBe(0);
    expect(none.status).toBe('absent');
  });

  test('fails where a file is there and cannot be read, optional or not', () => {
    for (const optional of [true, false]) {
      using machine = new Machine({ [`${FILE}/below`]: '' }, (root) => ({
        files: [{ path: `${root}/${FILE}`, optional, shape }],
      }));
      expect(machine.sample().size).toBe(0);
      expect(machine.status).toBe('failed');
      expect(machine.complaints).toEqual([expect.stringContaining('EISDIR')]);
    }
  });

  test('says nothing of an empty file until there is something in it', () => {
    using machine = new Machine({ [FILE]: '' });
    expect(machine.sample().size).toBe(0);
    machine.files.write(FILE, '1-n 5\n');
    expect(machine.sample()).toEqual(new Map([['1-n 0', 5]]));
  });

  test('tells what it compiled, for each file that is there', () => {
    using files = new Files({ [FILE]: '1-n 5\n' });
    const path = `${files.root}/${FILE}`;
    const source = fileSource({
      name: 'test',
      collectors: ['test'],
      files: [path, `${path}.missing`].map((p) => ({ path: p, optional: true, shape })),
    });
    source.discover(new Layout(new Board()).draft('test'));
    expect(source.programs().map((p) => p.path)).toEqual([path]);
    expect(source.programs()[0]?.program.ops.length).toBe(3);
    source.close();
  });
});
