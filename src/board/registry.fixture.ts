/** Sources that do as a test says, under a registry whose clock the test owns. */
import { type Signal, signal } from '../catalog/signal.ts';
import { Board } from './board.ts';
import { type Draft, Layout } from './layout.ts';
import { Registry, type SourceReport } from './registry.ts';
import { SAMPLE, type SampleCode, type Source } from './source.ts';

export const CELL = signal('test', 'cell', {
  type: 'gauge',
  help: 'Test.',
  labels: ['device'],
  native: 'cell',
});

/** It has one series, and counts up in it. */
export class Fake implements Source {
  readonly name: string;
  readonly collectors: readonly string[];
  discoveries = 0;
  samples = 0;
  closed = 0;
  slots: number[] = [];
  onDiscover: (draft: Draft) => void = () => {};
  onSample: (values: Float64Array) => SampleCode = () => SAMPLE.ok;

  constructor(name: string, collectors: readonly string[] = [name]) {
    this.name = name;
    this.collectors = collectors;
  }

  discover(draft: Draft): void {
    this.discoveries++;
    this.slots = [draft.slot(CELL, { device: this.name })];
    this.onDiscover(draft);
  }

  sample(values: Float64Array): SampleCode {
    this.samples++;
    for (const slot of this.slots) values[slot] = this.samples;
    return this.onSample(values);
  }

  close(): void {
    this.closed++;
  }
}

export class Machine {
  now = 1000;
  readonly complaints: string[] = [];
  readonly layout = new Layout(new Board(), () => this.now);
  readonly registry: Registry;

  constructor(...sources: Source[]) {
    this.registry = new Registry(this.layout, sources, (source, message) => {
      this.complaints.push(`${source}: ${message}`);
    });
    this.registry.discover();
  }

  /** What a scrape sees of a source's series. */
  cell(device: string): number {
    return this.value(device, CELL, { device });
  }

  /** What the registry says of a source or collector. */
  own(of: Signal, labels: Readonly<Record<string, string>>): number {
    return this.value('registry', of, labels);
  }

  value(source: string, of: Signal, labels: Readonly<Record<string, string>>): number {
    const series = [...this.layout.series(source)].find(
      (s) => s.signal === of && Bun.deepEquals(s.labels, labels),
    );
    return this.layout.board.values[series?.slot ?? -1] ?? Number.NaN;
  }

  report(name: string): SourceReport | undefined {
    return this.registry.reports().find((r) => r.name === name);
  }

  /** A timer of the process that serves looks for sources that are due, then somebody scrapes. */
  later(seconds: number): void {
    this.now += seconds;
    this.registry.discover();
    this.registry.sample();
  }
}

/** Throws `message`, wherever it is called. */
export const broken = (message: string) => (): never => {
  throw new Error(message);
};
