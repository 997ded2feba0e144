/**
 * How the JavaScript engine of a serving process spends memory (docs/adr/0005). Functions that every
 * scrape runs thousands of times are worth compiling; the compiler's own memory for all the others is
 * not, and the engine would get to each of them some day.
 */

/** Scrapes in which what is hot shows. */
const WARM_UP = 1000;
/**
 * How many times longer than usual a function must run before it is compiled: in the warm-up, and after.
 * Not for ever after: a function whose compiled code met something new (a client that asks for gzip) is
 * thrown back and has to be compiled again, or every later scrape takes twice as long.
 */
const RELUCTANCE = { warmUp: 50, afterwards: 4000 } as const;
/** Scrapes between two collections: left to itself, the heap grows by a megabyte of requests and answers. */
const COLLECT_EVERY = 500;
/** Milliseconds after which what only the start needed is old enough for the engine to let go of it. */
const SETTLED = 20_000;

export class Engine {
  #scrapes = 0;
  #settled: Timer | undefined;

  /** The program has started: from here on what runs often is worth compiling. */
  start(): void {
    Bun.unsafe.setJITPolicy(RELUCTANCE.warmUp);
    this.#settled = setTimeout(() => Bun.gc(true), SETTLED);
  }

  /** A scrape was answered. What there is to do is done after its answer is sent. */
  scraped(): void {
    this.#scrapes++;
    if (this.#scrapes === WARM_UP) Bun.unsafe.setJITPolicy(RELUCTANCE.afterwards);
    if (this.#scrapes % COLLECT_EVERY === 0) setTimeout(collect, 0);
  }

  stop(): void {
    clearTimeout(this.#settled);
  }
}

function collect(): void {
  Bun.gc(true);
}
