/** One model server: asked now and then, remembered between. */
import type { Labels } from '../board/layout.ts';
import type { Engine } from './engines/engine.ts';
import { Page } from './exposition/page.ts';
import { type Answer, ask } from './http.ts';
import { askInfo, type Info } from './info.ts';
import { fitting } from './mapping/budget.ts';
import { withCacheBytes } from './mapping/cache-bytes.ts';
import { Collector } from './mapping/collect.ts';
import { figuresOf } from './mapping/figures.ts';
import { Memory, MOST_KEPT, type Value } from './mapping/memory.ts';
import { ollamaPage } from './ollama.ts';
import { recognise } from './recognise.ts';
import { endpointOf, type Target } from './target.ts';

export interface ServerOptions {
  readonly target: Target;
  readonly engines: readonly Engine[];
  /** Milliseconds between two requests. */
  readonly interval: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** From 0 to 1; so that a hundred nodes do not ask in step. */
  readonly random?: () => number;
  /** Told the first time that a part of the answers of an endpoint is refused for a reason. */
  readonly limited?: (endpoint: string, reason: string) => void;
}

/** Requests between two looks at model and version, which hardly ever change. */
const INFO_EVERY = 20;
/** Times the interval after which a server that does not answer is asked at the latest. */
const MOST_BACKOFF = 4;
/** Bytes of a page after which memory is collected; a large engine's has a tenth of it. */
const LARGE = 2 * 1024 * 1024;
/** Share of the interval by which requests are moved. */
const JITTER = 0.1;

export class Server {
  readonly target: Target;
  readonly endpoint: string;
  /** Monotonic milliseconds of the last answer; NaN before the first. */
  answeredAt = Number.NaN;
  /** Whether the last request succeeded; undefined before the first has ended. */
  up: boolean | undefined;
  /** Seconds that the last request took. */
  duration = Number.NaN;
  /** Why the last request failed. */
  trouble: string | undefined;
  values: readonly Value[] = [];
  info: Info = {};
  /** Changes when the series change that there are of it. */
  shape = '';
  /** How often a part of an answer was refused, by reason. */
  readonly limited = new Map<string, number>();
  readonly #options: ServerOptions;
  /** More than one where an engine's names changed with its version, or where it is not known. */
  readonly #candidates: readonly Engine[];
  #engine: Engine | undefined;
  #collector: Collector | undefined;
  readonly #memory = new Memory();
  /** The last that was there. */
  #path: string | undefined;
  #askAt = Number.NEGATIVE_INFINITY;
  #asking = false;
  #failures = 0;
  #answers = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.target = options.target;
    this.endpoint = endpointOf(options.target);
    const { engine } = options.target;
    this.#candidates = options.engines.filter((e) => engine === undefined || e.name === engine);
    if (engine !== undefined) this.#engine = this.#candidates[0];
  }

  /** Undefined while it is not known. */
  get engine(): string | undefined {
    return this.#engine?.name;
  }

  get labels(): Labels {
    const { engine, endpoint } = this;
    return { ...(engine === undefined ? {} : { engine }), endpoint };
  }

  /** Whether its first request has ended. */
  get settled(): boolean {
    return this.up !== undefined;
  }

  /** Whether a request is under way. */
  get asking(): boolean {
    return this.#asking;
  }

  /** Asks if it is time to. One request at a time. */
  poll(): void {
    if (this.#asking || this.#options.now() < this.#askAt) return;
    this.#asking = true;
    void this.ask().finally(() => {
      this.#asking = false;
    });
  }

  /** Asks now; never rejects. */
  async ask(): Promise<void> {
    const { now, interval, random = Math.random } = this.#options;
    const started = now();
    try {
      await this.#read(started);
      this.up = true;
      this.trouble = undefined;
      this.#failures = 0;
    } catch (error) {
      this.up = false;
      // It may be another when it is back.
      this.#answers = 0;
      this.trouble = error instanceof Error ? error.message : String(error);
      this.#failures++;
    }
    this.duration = Math.round((now() - started) * 1000) / 1e6;
    this.shape = this.#shape();
    const pause = interval * Math.min(2 ** this.#failures, MOST_BACKOFF);
    this.#askAt = started + pause * (1 + JITTER * (2 * random() - 1));
  }

  #shape(): string {
    const { labels, info, trouble, limited, values } = this;
    const series = values.map((v) => [v.signal, v.labels, v.bounds]);
    return JSON.stringify([labels, info, trouble, [...limited.keys()], series]);
  }

  async #read(started: number): Promise<void> {
    const { body, cut } = await this.#page();
    const engine = this.#recognise(body);
    if (this.#answers++ % INFO_EVERY === 0 || engine !== this.#engine) {
      this.#engine = engine;
      this.info = { ...this.info, ...(await askInfo(this.target, engine)) };
      this.#collector = new Collector(engine, this.info.version);
    }
    const page = new Page(body);
    const collected = (this.#collector as Collector).collect(page);
    const model = this.info.model ?? this.target.model;
    const { figures, incomplete } = figuresOf(collected, engine, model);
    if (figures.length === 0 && cut === undefined && (page.malformed > 0 || page.truncated)) {
      throw new Error('its page is not in the text exposition format');
    }
    const all = this.#memory.add(figures, started / 1000);
    const values = fitting(all);
    this.#limit({
      ...(cut === undefined ? {} : { [cut]: true }),
      cut: cut === 'cut' || (cut === undefined && page.truncated),
      malformed: page.malformed > 0,
      incomplete: incomplete > 0,
      label: collected.limits.has('label'),
      series:
        collected.limits.has('series') || figures.length > MOST_KEPT || values.length < all.length,
    });
    this.values = withCacheBytes(values, this.target.process?.cacheBytesPerToken);
    this.answeredAt = this.#options.now();
    // Left to itself the heap grows by some more of such pages.
    if (body.length > LARGE) Bun.gc(true);
  }

  /** The engine that the page is of. Throws where it is another's than the target's. */
  #recognise(body: Uint8Array): Engine {
    const own = recognise(body, this.#candidates);
    if (own !== undefined) return own;
    const other = recognise(body, this.#options.engines);
    if (other !== undefined && this.#engine?.guests?.includes(other.name) !== true) {
      throw new Error(`its page is that of engine ${other.name}, not of ${this.target.engine}`);
    }
    // A server that has just started says little; one that nobody named could be anything.
    if (this.#engine === undefined) throw new Error('its page is of no engine that is known');
    return this.#engine;
  }

  /** The page of the first path that there is. */
  async #page(): Promise<Pick<Answer, 'body' | 'cut'>> {
    const { pathname, search } = new URL(this.target.url);
    const all = pathname === '/' ? (this.#engine?.paths ?? []) : [`${pathname}${search}`];
    // Each request is a line in the engine's log: the path that was there is asked first.
    const own = [...all].sort((a, b) => Number(b === this.#path) - Number(a === this.#path));
    let last: Answer | undefined;
    for (const path of own) {
      last = await ask(this.target, path);
      if (last.status === 200) {
        this.#path = path;
        return this.#engine?.name === 'ollama' ? fromOllama(last) : last;
      }
      if (last.status !== 404) break;
    }
    // A query may hold a key.
    const paths = own.map((path) => path.split('?')[0]);
    throw new Error(`HTTP ${last?.status} at ${paths.join(', ')}`);
  }

  /** Counts the limits that an answer met; the first time it is said, too. */
  #limit(met: Readonly<Record<string, boolean>>): void {
    for (const reason of Object.keys(met).filter((name) => met[name])) {
      const before = this.limited.get(reason) ?? 0;
      this.limited.set(reason, before + 1);
      if (before === 0) this.#options.limited?.(this.endpoint, reason);
    }
  }
}

function fromOllama({ body, cut }: Answer): Pick<Answer, 'body' | 'cut'> {
  const page = ollamaPage(body);
  if (page === undefined) throw new Error('its answer is not that of /api/ps');
  return { body: page, cut };
}
