/** The text face: keeps compiled pages and answers scrapes from them. */
import type { Layout } from '../board/layout.ts';
import type { Registry } from '../board/registry.ts';
import type { Dialect } from '../catalog/signal.ts';
import { CONTENT_TYPE, type Format } from './format.ts';
import { Page } from './page.ts';

/** Compiled pages and plans that are kept; the least recently used goes first. */
const KEPT = 8;

export interface ScrapeRequest {
  readonly format: Format;
  readonly dialects: readonly Dialect[];
  /** Only these collectors (and what edgegauge says about itself); empty: all. */
  readonly collect: readonly string[];
  /** All but these. */
  readonly exclude: readonly string[];
}

/** Samples whatever does not come from the registry (the probes' frames) into the board; allocates nothing. */
export type Sampler = () => void;

/** A scrape that was planned once and can be run often. */
export class Plan {
  readonly request: ScrapeRequest;
  readonly contentType: string;
  readonly selection: Uint8Array;
  page: Page | undefined;
  mask: Uint8Array = new Uint8Array(0);
  /** End of the last rendering in `page.bytes`. */
  end = 0;

  constructor(request: ScrapeRequest, selection: Uint8Array) {
    this.request = request;
    this.contentType = CONTENT_TYPE[request.format];
    this.selection = selection;
  }
}

/** Whether a request wants this collector's lines. What edgegauge says about itself is always in, unless excluded by name. */
function shows({ collect, exclude }: ScrapeRequest, collector: string): boolean {
  if (exclude.includes(collector)) return false;
  return collect.length === 0 || collector === 'self' || collect.includes(collector);
}

export class Exposition {
  readonly #layout: Layout;
  readonly #registry: Registry;
  readonly #sampler: Sampler;
  readonly #plans = new Map<string, Plan>();
  readonly #pages = new Map<string, Page>();

  constructor(layout: Layout, registry: Registry, sampler: Sampler = () => {}) {
    this.#layout = layout;
    this.#registry = registry;
    this.#sampler = sampler;
  }

  /** The plan of a request, made on first use. */
  plan(request: ScrapeRequest): Plan {
    const key = JSON.stringify([
      request.format,
      request.dialects,
      request.collect,
      request.exclude,
    ]);
    const kept = this.#plans.get(key);
    if (kept !== undefined) return touch(this.#plans, key, kept);
    const selection = this.#registry.selection((collector) => shows(request, collector));
    return touch(this.#plans, key, new Plan(request, selection));
  }

  /**
   * Samples and renders; the page is `plan.page.bytes[plan.page.start, plan.end)` until the next call.
   * Synchronous, and without allocation while the layout stays as it is.
   */
  scrape(plan: Plan): Page {
    this.#registry.sample(plan.selection);
    this.#sampler();
    let page = plan.page;
    if (page === undefined || page.version !== this.#layout.version) page = this.#compile(plan);
    plan.end = page.render(this.#layout.board.values, plan.mask);
    return page;
  }

  #compile(plan: Plan): Page {
    const { dialects, format } = plan.request;
    const key = `${format} ${dialects.join(',')}`;
    let page = this.#pages.get(key);
    if (page === undefined || page.version !== this.#layout.version) {
      page = new Page(this.#layout, dialects, format);
    }
    touch(this.#pages, key, page);
    plan.page = page;
    plan.mask = page.mask((collector) => shows(plan.request, collector));
    return page;
  }
}

function touch<T>(cache: Map<string, T>, key: string, value: T): T {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size > KEPT) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  return value;
}
