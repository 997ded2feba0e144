/** Tables as kernel files have them, made at random; and a source that reads one. */
import fc from 'fast-check';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import type { Source } from '../board/source.ts';
import { signal } from '../catalog/signal.ts';
import { type FileSourceSpec, type FileSpec, fileSource } from './file-source.ts';
import { Files } from './files.fixture.ts';

export const FILE = 'proc/table';

export const CELL = signal('test', 'cell', { type: 'gauge', help: 'A number.', native: 'cell' });

/**
 * Lines start with a name that says what their columns are: `3-nxs`: a number, a hexadecimal one, and
 * one to pass over.
 */
export const shape: FileSpec['shape'] = ({ tokens: [name = '', ...rest] }, program, draft) => {
  const kinds = name.split('-')[1] ?? '';
  program.word(name);
  for (const [column] of rest.entries()) {
    const slot = (): number => draft.slot(CELL, { name, column: String(column) });
    if (kinds[column] === 'n') program.number(slot());
    else if (kinds[column] === 'x') program.hex(slot());
    else program.skip();
  }
};

const column = fc.oneof(
  fc.record({
    kind: fc.constant('n'),
    text: fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
      fc.tuple(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999 })).map(([a, b]) => `${a}.${b}`),
      fc.constantFrom('-', 'kB', '7kB', '1.2.3'),
    ),
  }),
  fc.record({ kind: fc.constant('x'), text: fc.nat().map((n) => n.toString(16)) }),
  fc.record({ kind: fc.constant('s'), text: fc.constantFrom('kB', '5', '[a]') }),
);
const row = fc.record({
  number: fc.nat({ max: 30 }),
  columns: fc.array(column, { maxLength: 4 }),
  gap: fc.constantFrom(' ', '  ', '\t', ' \t '),
  indent: fc.boolean(),
});
export const file = fc.uniqueArray(row, { selector: (r) => r.number, maxLength: 6 });

export interface Row {
  readonly number: number;
  readonly columns: readonly { readonly kind: string; readonly text: string }[];
  readonly gap: string;
  readonly indent: boolean;
}
export type Table = readonly Row[];

const nameOf = ({ number, columns }: Row): string =>
  `${number}-${columns.map((c) => c.kind).join('')}`;

const lineOf = (r: Row): string =>
  `${r.indent ? r.gap : ''}${[nameOf(r), ...r.columns.map((c) => c.text)].join(r.gap)}\n`;

export const written = (table: Table): string => table.map(lineOf).join('');

/** What should be on the board: by name and column, every token that is a number. */
export function cells(table: Table): Map<string, number> {
  const out = new Map<string, number>();
  for (const r of table) {
    for (const [at, { kind, text }] of r.columns.entries()) {
      const value = kind === 'x' ? Number.parseInt(text, 16) : Number(text);
      if (kind !== 's' && !Number.isNaN(value)) out.set(`${nameOf(r)} ${at}`, value);
    }
  }
  return out;
}

/** A source over a file, sampled by a registry. */
export class Machine implements Disposable {
  readonly files: Files;
  readonly source: Source;
  readonly layout = new Layout(new Board());
  readonly complaints: string[] = [];
  readonly registry: Registry;

  constructor(
    contents: Readonly<Record<string, string>>,
    specs: (root: string) => Pick<FileSourceSpec, 'files'> & Partial<FileSourceSpec> = (root) => ({
      files: [{ path: `${root}/${FILE}`, shape }],
    }),
  ) {
    this.files = new Files(contents);
    this.source = fileSource({ name: 'test', collectors: ['test'], ...specs(this.files.root) });
    this.registry = new Registry(this.layout, [this.source], (_, m) => this.complaints.push(m));
    this.registry.discover();
  }

  /** What is present after a sample. */
  sample(): Map<string, number> {
    this.registry.sample();
    const out = new Map<string, number>();
    for (const { labels, slot } of this.layout.series('test')) {
      const value = this.layout.board.values[slot] as number;
      if (!Number.isNaN(value)) out.set(`${labels['name']} ${labels['column']}`, value);
    }
    return out;
  }

  get status(): string | undefined {
    return this.registry.reports()[0]?.status;
  }

  [Symbol.dispose](): void {
    this.registry.close();
    this.files[Symbol.dispose]();
  }
}
