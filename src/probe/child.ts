/**
 * A probe: the process that reads devices, so that the serving process never waits for one. It lives as
 * long as its standard input is open, and answers there and through the shared mapping alone.
 */
import { rmSync, writeSync } from 'node:fs';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import type { Source } from '../board/source.ts';
import { ChildGuard } from './child-guard.ts';
import { FrameWriter } from './frame.ts';
import { createMapping } from './mapping.ts';
import { Lines, type LogLevel, type Order, parseMessage, type Report } from './messages.ts';
import { Ticker } from './ticker.ts';
import { encodeTopology } from './topology.ts';

/** What the parent said last. */
export interface Told {
  /** Milliseconds between polls. */
  readonly interval: number;
  /** Undefined where it told nothing. */
  readonly tell: unknown;
}

/** Says something in the log of the serving process. */
export type ProbeLog = (
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, string>>,
) => void;

export interface ProbeOptions {
  /** Makes the sources, after the first order; they ask the guard before they touch a device. */
  readonly sources: (guard: ChildGuard, told: Told, log: ProbeLog) => readonly Source[];
  /** Milliseconds between two looks at what devices there are. */
  readonly rediscover?: number;
  /** Polls between two collections of garbage, besides those after such a look; none unless given. */
  readonly collect?: number;
}

/** Slots of the first mapping; one that does not suffice is followed by a larger. */
const FIRST_CAPACITY = 1024;
/** Milliseconds. */
const REDISCOVER = 10_000;
/** Milliseconds between polls until the parent says otherwise. */
const INTERVAL = 1000;

/** Runs until standard input ends. Rejects where it can no longer tell its parent what it knows. */
export async function runProbe(options: ProbeOptions): Promise<void> {
  // A terminal's Ctrl-C and systemd's SIGTERM reach the whole group: the parent says when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const input = Bun.stdin.stream().getReader();
  const lines = new Lines();
  const failure = Promise.withResolvers<never>();
  let probe: Probe | undefined;
  try {
    for (;;) {
      const { done, value } = await Promise.race([input.read(), failure.promise]);
      if (done) break;
      for (const line of lines.push(value)) {
        const order = parseMessage<Order>(line);
        if (order === undefined) continue;
        probe ??= new Probe(options, order, failure.reject);
        probe.obey(order);
      }
    }
  } finally {
    probe?.close();
  }
}

class Probe {
  /** The first order: where and for whom mappings are made. */
  readonly #home: Order;
  readonly #layout = new Layout(new Board());
  readonly #guard: ChildGuard;
  readonly #registry: Registry;
  readonly #rediscover: number;
  readonly #ticker: Ticker;
  #writer: FrameWriter;
  /** Of the mappings. */
  readonly #files: string[] = [];
  readonly #told: { interval: number; tell: unknown };
  #discoverAt = 0;
  /** Polls between two collections, and until the next. */
  readonly #collect: number;
  #collectIn: number;
  #toldVersion = -1;
  #toldSources = '';
  /** Whether the state of a source may have changed: to ask at each poll would cost as much as the poll. */
  #sourcesMoved = true;

  /** `fail` is told what makes it impossible to go on. */
  constructor(options: ProbeOptions, home: Order, fail: (error: unknown) => void) {
    this.#home = home;
    this.#told = { interval: home.interval ?? INTERVAL, tell: home.tell };
    this.#rediscover = options.rediscover ?? REDISCOVER;
    this.#collect = options.collect ?? Number.POSITIVE_INFINITY;
    this.#collectIn = this.#collect;
    // What the start leaves behind makes room for what is to be kept.
    if (this.#collects) Bun.gc(true);
    this.#ticker = new Ticker(() => {
      try {
        this.#poll();
      } catch (error) {
        this.#ticker.stop();
        fail(error);
      }
    });
    this.#writer = this.#map(FIRST_CAPACITY);
    this.#guard = new ChildGuard(this.#writer);
    const log: ProbeLog = (level, message, fields) => say({ log: { level, message, fields } });
    const sources = options.sources(this.#guard, this.#told, log);
    this.#registry = new Registry(this.#layout, sources, (source, error) => {
      this.#sourcesMoved = true;
      log('warn', 'source failed', { source, error });
    });
  }

  obey(order: Order): void {
    if (order.skip !== undefined) {
      this.#guard.skip(order.skip);
      this.#discoverAt = 0;
    }
    if (order.interval !== undefined) this.#told.interval = order.interval;
    if (order.tell !== undefined) this.#told.tell = order.tell;
    // In this order: whoever sees the new interval sees the sign of life too.
    this.#writer.beat();
    this.#writer.interval(this.#told.interval);
    this.#ticker.restart(this.#told.interval);
  }

  close(): void {
    this.#ticker.stop();
    this.#registry.close();
    // A parent that is gone has not taken the names away.
    for (const file of this.#files) rmSync(file, { force: true });
  }

  #poll(): void {
    this.#writer.beat();
    this.#discover();
    this.#registry.sample();
    this.#guard.leave();
    this.#tellTopology();
    // Before the frame: who sees the first sample is to know whose it is.
    this.#tellSources();
    const { board, version, now } = this.#layout;
    this.#writer.write(board.values, board.used, version, now());
    if (--this.#collectIn <= 0) {
      // Code too: what runs at each poll is made anew, closer together and without what only the start ran.
      Bun.shrink();
      Bun.gc(true);
      this.#collectIn = this.#collect;
    }
    this.#writer.beat();
  }

  get #collects(): boolean {
    return this.#collect < Number.POSITIVE_INFINITY;
  }

  #discover(): void {
    const now = performance.now();
    if (now < this.#discoverAt) {
      this.#registry.discover();
      return;
    }
    this.#registry.rediscover();
    // To find all that, and to say it, takes more than what is kept of it.
    if (this.#collects) this.#collectIn = 0;
    this.#sourcesMoved = true;
    this.#discoverAt = now + this.#rediscover;
  }

  #tellTopology(): void {
    if (this.#layout.version === this.#toldVersion) return;
    this.#toldVersion = this.#layout.version;
    this.#sourcesMoved = true;
    let { capacity } = this.#writer;
    while (capacity < this.#layout.board.used) capacity *= 2;
    if (capacity > this.#writer.capacity) {
      this.#writer = this.#map(capacity);
      this.#writer.interval(this.#told.interval);
      this.#guard.writer = this.#writer;
    }
    say({ topology: encodeTopology(this.#layout) });
  }

  #tellSources(): void {
    if (!this.#sourcesMoved) return;
    this.#sourcesMoved = false;
    const sources = this.#registry.reports();
    const states = JSON.stringify(sources.map((s) => [s.status, s.error]));
    if (states === this.#toldSources) return;
    this.#toldSources = states;
    say({ sources });
  }

  #map(capacity: number): FrameWriter {
    const { directory = '/dev/shm', owner = process.ppid } = this.#home;
    const { name, bytes } = createMapping(directory, owner, capacity);
    const file = `${directory}/${name}`;
    this.#files.push(file);
    try {
      say({ mapping: name });
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return new FrameWriter(bytes);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Synchronous: what was said before a read that never returns has been said. */
function say(report: Report): void {
  // The line's end in front: a library may have left a line of its own open.
  const bytes = Buffer.from(`\n${JSON.stringify(report)}\n`);
  for (let n = 0; n < bytes.length; ) {
    try {
      n += writeSync(1, bytes, n);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
