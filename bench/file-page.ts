/**
 * The `node` page of the host sources that are kernel files with a compiled shape: all that floor.c can
 * do too. Series that a source computes from others, or never reads again, are left out of the page.
 */
import { Board } from '../src/board/board.ts';
import { Layout, type Series } from '../src/board/layout.ts';
import { Registry } from '../src/board/registry.ts';
import type { Source } from '../src/board/source.ts';
import { NETDEV } from '../src/catalog/host/netdev.ts';
import { hostSources } from '../src/cli/sources.ts';
import type { Config } from '../src/config/config.ts';
import type { FileSource } from '../src/host/file-source.ts';
import { OP, Program } from '../src/host/program.ts';
import { families } from '../src/text/families.ts';
import { Page } from '../src/text/page.ts';
import { type FilePlan, planText } from './plan.ts';

/** `conntrack` reads a table by hand behind its files; `process` is about the process that reads. */
const MORE_THAN_FILES = ['conntrack', 'process'];

/** A layout of which faces see the series of some slots only. */
class PartialLayout extends Layout {
  shown: ReadonlySet<number> | undefined;

  override *series(source?: string): IterableIterator<Series> {
    for (const series of super.series(source)) {
      if (this.shown === undefined || this.shown.has(series.slot)) yield series;
    }
  }
}

export class FilePage {
  readonly files: readonly FilePlan[];
  readonly #layout = new PartialLayout(new Board());
  readonly #registry: Registry;
  readonly #page: Page;
  readonly #mask: Uint8Array;

  constructor(config: Config) {
    const sources = hostSources(config).sources.filter(isFileSource);
    this.#registry = new Registry(this.#layout, sources);
    this.#registry.discover();
    this.files = [
      ...sources.flatMap((source) => source.programs()),
      ...[...this.#layout.series('netdev')].flatMap((s) => noHandlerFile(s, config.path.sysfs)),
    ];
    this.#layout.shown = new Set(this.files.flatMap(({ program }) => slotsOf(program)));
    this.#page = new Page(this.#layout, ['node'], 'text');
    this.#mask = this.#page.mask(() => true);
  }

  /** Collects and renders; answers the length of the page in bytes. */
  run(): number {
    this.#registry.sample();
    return this.#page.render(this.#layout.board.values, this.#mask) - this.#page.start;
  }

  /** The page that `run` left. */
  text(length: number): string {
    const { bytes, start } = this.#page;
    return Buffer.from(bytes.buffer, start, length).toString();
  }

  /** What floor.c needs to make the same page. */
  plan(): string {
    return planText(this.files, families(this.#layout.series(), ['node'], 'text'));
  }

  close(): void {
    this.#registry.close();
  }
}

const isFileSource = (source: Source): source is FileSource =>
  'programs' in source && !MORE_THAN_FILES.includes(source.name);

const slotsOf = ({ ops, args }: Program): number[] =>
  args.filter((_, k) => ops[k] === OP.number || ops[k] === OP.hex);

/** netdev reads a file per interface behind its table; it holds one number. */
function noHandlerFile({ signal, labels, slot }: Series, sysfs: string): FilePlan[] {
  if (signal !== NETDEV.receiveNoHandler) return [];
  const program = new Program('');
  program.number(slot);
  program.rest();
  program.seal();
  return [{ path: `${sysfs}/class/net/${labels['device']}/statistics/rx_nohandler`, program }];
}
