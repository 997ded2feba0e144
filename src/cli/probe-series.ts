/** What a probe has on the board of the serving process. */
import type { Layout, Series } from '../board/layout.ts';

/** The series of a probe, looked through again only when they may be others. */
export class ProbeSeries {
  readonly #layout: Layout;
  readonly #source: string;
  #version = -1;
  #series: readonly Series[] = [];

  constructor(layout: Layout, kind: string) {
    this.#layout = layout;
    this.#source = `probe:${kind}`;
  }

  /** Those of some signals. */
  of(ids: ReadonlySet<string>): readonly Series[] {
    if (this.#version !== this.#layout.version) {
      this.#version = this.#layout.version;
      this.#series = [...this.#layout.series(this.#source)].filter((s) => ids.has(s.signal.id));
    }
    return this.#series;
  }

  value({ slot }: Series): number {
    return this.#layout.board.values[slot] as number;
  }
}
