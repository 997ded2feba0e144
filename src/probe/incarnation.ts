/** One life of a probe as its parent sees it: what it said, what it shows, whether it moves. */
import type { Layout } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import { FrameReader } from './frame.ts';
import { adoptMapping } from './mapping.ts';
import type { Report } from './messages.ts';
import type { ProbeProcess } from './process.ts';
import { SlotMap } from './topology.ts';

export class Incarnation {
  readonly process: ProbeProcess;
  /** The last line on its standard error: the best word there is on why it ended. */
  lastWords: string | undefined;
  /** What it writes on standard error from here on is its runtime's report on the crash that it just told of. */
  reporting = false;
  sources: readonly SourceReport[] = [];
  /** Monotonic milliseconds when its first frame was seen. */
  sampledAt: number | undefined;
  /** Unix seconds of the newest frame taken. */
  sampleTime: number = Number.NaN;

  #reader: FrameReader | undefined;
  #map: SlotMap | undefined;
  /** Count of the newest frame seen, and when it was seen. */
  #seen = 0;
  #seenAt = Number.NaN;
  /** The same of the frame that lies on the board. */
  #taken = 0;
  #takenAt = Number.NaN;
  #heartbeat = 0;
  #observedAt: number;
  #still = 0;

  constructor(process: ProbeProcess, now: number) {
    this.process = process;
    this.#observedAt = now;
  }

  /** Milliseconds between its polls; NaN before it has a mapping. */
  get interval(): number {
    return this.#reader === undefined ? Number.NaN : this.#reader.interval;
  }

  /** Whether it has said what there is and shown a first sample of it. */
  get sampled(): boolean {
    return this.#map !== undefined && this.#reader !== undefined && this.#reader.written > 0;
  }

  /** Whether it is at a device. */
  get reading(): boolean {
    return this.#reader?.reading === true;
  }

  /** The device that it is at. */
  get device(): string | undefined {
    return this.#reader?.currentDevice;
  }

  /** Takes in a report. Throws where its mapping is not there or its topology makes no sense. */
  report(report: Report, layout: Layout, source: string, directory: string): void {
    if (report.mapping !== undefined) {
      this.#reader = new FrameReader(adoptMapping(directory, report.mapping));
      this.#seen = 0;
      this.#taken = 0;
      this.#still = 0;
    }
    if (report.topology !== undefined) {
      this.#map = new SlotMap(report.topology, layout, source);
      this.#taken = 0;
    }
    if (report.sources !== undefined) this.sources = report.sources.map(measured);
  }

  /** A look in between; `most` is what this look may add to the time for which nothing moved. */
  observe(now: number, most: number): void {
    const reader = this.#reader;
    const heartbeat = reader === undefined ? 0 : reader.heartbeat;
    // A machine or a parent that stood still must not count as a child that did.
    this.#still =
      heartbeat === this.#heartbeat ? this.#still + Math.min(now - this.#observedAt, most) : 0;
    this.#heartbeat = heartbeat;
    this.#observedAt = now;
    if (reader !== undefined) this.#look(reader, now);
  }

  /** Milliseconds for which nothing moved. */
  get still(): number {
    return this.#still;
  }

  /** Takes a newer frame to the board; true where there was one. Allocates nothing. */
  take(board: Float64Array, now: number): boolean {
    const reader = this.#reader;
    const map = this.#map;
    if (reader === undefined || map === undefined) return false;
    this.#look(reader, now);
    if (this.#seen === this.#taken) return false;
    const seen = this.#seen;
    // A frame of another topology: its description is on its way.
    if (!reader.take() || reader.version !== map.version) return false;
    map.copy(reader.values, board);
    this.#taken = seen;
    this.#takenAt = this.#seenAt;
    this.sampleTime = reader.sampleTime;
    return true;
  }

  /** Milliseconds since the frame on the board was new; NaN without one. */
  age(now: number): number {
    return now - this.#takenAt;
  }

  /** Its values are known no more. Allocates nothing. */
  withdraw(board: Float64Array): void {
    this.#map?.withdraw(board);
  }

  #look(reader: FrameReader, now: number): void {
    const written = reader.written;
    if (written === this.#seen) return;
    this.#seen = written;
    this.#seenAt = now;
    this.sampledAt ??= now;
  }
}

/** JSON has no NaN: the duration of a source that was never sampled comes as null. */
const measured = (s: SourceReport): SourceReport => ({
  ...s,
  durationSeconds: s.durationSeconds ?? Number.NaN,
});
