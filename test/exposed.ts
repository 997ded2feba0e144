import { Board } from '../src/board/board.ts';
import { Layout } from '../src/board/layout.ts';
import { Registry } from '../src/board/registry.ts';
import type { Source } from '../src/board/source.ts';
import type { Dialect } from '../src/catalog/signal.ts';
import { Page } from '../src/text/page.ts';

/** A source on a board of its own, and its page. */
export class Exposed {
  readonly layout = new Layout(new Board());
  /** What the registry has complained of, `source: message`. */
  readonly complaints: string[] = [];
  readonly registry: Registry;

  constructor(source: Source) {
    this.registry = new Registry(this.layout, [source], (name, message) => {
      this.complaints.push(`${name}: ${message}`);
    });
    this.registry.discover();
  }

  /** Samples and answers with the lines of the page, without comments and without the state of the source. */
  sample(dialect: Dialect = 'node', prefix = ''): string[] {
    this.registry.sample();
    const own = /^#|^edgegauge_source_|^node_scrape_collector_/;
    return this.text(dialect)
      .split('\n')
      .filter((line) => line !== '' && !own.test(line) && line.startsWith(prefix));
  }

  /** The whole page of the last sample. */
  text(dialect: Dialect = 'node'): string {
    const page = new Page(this.layout, [dialect], 'text');
    const end = page.render(
      this.layout.board.values,
      page.mask(() => true),
    );
    return new TextDecoder().decode(page.bytes.subarray(page.start, end));
  }
}
