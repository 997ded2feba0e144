/** Wires sources, board and faces for one configuration. A reload makes a new one and closes the old. */
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import type { Source } from '../board/source.ts';
import { DIALECTS, type Dialect } from '../catalog/signal.ts';
import type { Config } from '../config/config.ts';
import type { Settings } from '../config/setting.ts';
import { LlmEnergy } from '../serving/energy.ts';
import { Exposition, type Plan } from '../text/exposition.ts';
import { acceptsGzip, negotiateFormat } from '../text/negotiate.ts';
import { BadQuery, type Body, type MetricsQuery } from '../web/face.ts';
import type { Loaded } from './invocation.ts';
import type { Probe } from './lazy-probe.ts';

/** Plans by the client's own words, so that a scraper that asks as before costs one look-up. */
const KEPT_QUERIES = 64;

export interface AssemblyParts {
  readonly loaded: Loaded;
  readonly sources: readonly Source[];
  /** Ends a window of cpu_usage_percent. */
  readonly tick: () => void;
  /** Given the layout that its series go to. */
  readonly probes: (layout: Layout) => readonly Probe[];
  readonly complain: (source: string, message: string) => void;
}

export class Assembly {
  readonly config: Config;
  readonly settings: Settings;
  readonly layout = new Layout(new Board());
  readonly registry: Registry;
  readonly probes: readonly Probe[];
  readonly exposition: Exposition;
  readonly tick: () => void;
  /** Collectors that are switched off, of which a source of another one may still write series. */
  readonly #off: readonly string[];
  readonly #energy: LlmEnergy | undefined;
  readonly #queries = new Map<string, Plan>();

  constructor(parts: AssemblyParts) {
    this.config = parts.loaded.config;
    this.settings = parts.loaded.settings;
    this.tick = parts.tick;
    this.#off = Object.entries(this.config.collectors).flatMap(([name, c]) =>
      c.enabled ? [] : [name],
    );
    this.#energy = this.config.serving.enabled ? new LlmEnergy(this.layout) : undefined;
    const energy = this.#energy === undefined ? [] : [this.#energy.source()];
    this.registry = new Registry(this.layout, [...parts.sources, ...energy], parts.complain);
    this.probes = parts.probes(this.layout);
    this.exposition = new Exposition(this.layout, this.registry, () => this.#sampleProbes());
    this.registry.discover();
  }

  /** Starts the probes and takes the first sample soon, so that readiness does not wait for somebody to scrape. */
  start(): void {
    for (const probe of this.probes) probe.start();
    setTimeout(() => this.registry.sample(), 0);
  }

  /** What a query asks for. Throws BadQuery where there is no such dialect or collector. */
  plan(query: MetricsQuery): Plan {
    const key = JSON.stringify([query.accept, query.dialects, query.collect, query.exclude]);
    const kept = this.#queries.get(key);
    if (kept !== undefined) return kept;
    const plan = this.exposition.plan({
      format: negotiateFormat(query.accept),
      dialects: this.#dialects(query.dialects),
      collect: this.#known(query.collect),
      exclude: [...this.#off, ...this.#known(query.exclude)],
    });
    if (this.#queries.size >= KEPT_QUERIES) this.#queries.clear();
    this.#queries.set(key, plan);
    return plan;
  }

  /** To be called once a second, whoever scrapes: GPUs change hands between two scrapes. */
  refresh(): void {
    for (const probe of this.probes) probe.refresh?.();
    if (this.#energy?.wanted !== true) return;
    this.#sampleProbes();
    this.#energy.look();
  }

  metrics(query: MetricsQuery): Body {
    const plan = this.plan(query);
    for (let i = 0; i < this.probes.length; i++) (this.probes[i] as Probe).touch();
    const page = this.exposition.scrape(plan);
    return {
      bytes: page.bytes.subarray(page.start, plan.end),
      contentType: plan.contentType,
      gzip: acceptsGzip(query.acceptEncoding),
    };
  }

  /** Whether every source and every probe has been sampled, or is known to have nothing to say. */
  ready(): boolean {
    const sampled = this.registry.reports().every((s) => s.status !== 'new');
    return sampled && this.probes.every((p) => p.ready);
  }

  /** Collectors in the order of their names, whichever process serves them. */
  collectors(): string[] {
    const served = new Set(this.registry.collectors);
    for (const name of Object.keys(this.config.collectors)) served.add(name);
    if (this.config.gpu.enabled) served.add('gpu');
    if (this.config.serving.enabled) served.add('serving');
    return [...served].sort();
  }

  /** Ends the probes, though it does not wait for one that cannot be ended. */
  async close(): Promise<void> {
    this.registry.close();
    await Promise.all(this.probes.map((p) => p.stop()));
  }

  #sampleProbes(): void {
    for (let i = 0; i < this.probes.length; i++) (this.probes[i] as Probe).sample();
  }

  #dialects(asked: readonly string[]): readonly Dialect[] {
    if (asked.length === 0) return this.config.dialects;
    return asked.map((name) => {
      const dialect = DIALECTS.find((d) => d === name);
      if (dialect !== undefined) return dialect;
      throw new BadQuery(`There is no dialect "${name}"; there are: ${DIALECTS.join(', ')}.`);
    });
  }

  #known(asked: readonly string[]): readonly string[] {
    const known = this.collectors();
    for (const name of asked) {
      if (known.includes(name)) continue;
      throw new BadQuery(`There is no collector "${name}"; there are: ${known.join(', ')}.`);
    }
    return asked;
  }
}
