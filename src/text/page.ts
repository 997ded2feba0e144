/**
 * The page: a layout compiled into lines for one set of dialects and one format. Rendering copies the
 * fixed bytes of each present line and writes its number behind them; it allocates nothing.
 */
import { SAID_NAN } from '../board/board.ts';
import type { Layout } from '../board/layout.ts';
import type { Dialect } from '../catalog/signal.ts';
import { type CompiledFamily, families } from './families.ts';
import type { Format } from './format.ts';
import { MAX_NUMBER_LENGTH, writeNumber } from './number.ts';

const NEWLINE = 10;
const EOF_LINE = new TextEncoder().encode('# EOF\n');

/** Most that a product may be off by rounding alone: 0.58 × 100 is 57.99999999999999. */
const ROUNDING = 2 ** -51;

/** A product next to a whole number is that number. */
function scaled(value: number, scale: number): number {
  if (scale === 1) return value;
  const product = value * scale;
  const whole = Math.round(product);
  return Math.abs(product - whole) <= Math.abs(product) * ROUNDING ? whole : product;
}

export class Page {
  /** Layout version that it was compiled from. */
  readonly version: number;
  readonly collectors: readonly string[];
  /** The fixed bytes, and behind them the room that `render` fills. */
  readonly bytes: Uint8Array;
  /** Where the rendered page starts in `bytes`. */
  readonly start: number;
  readonly #closing: Uint8Array;

  // One entry per line.
  readonly #slots: Int32Array;
  readonly #scales: Float64Array;
  readonly #offsets: Int32Array;
  readonly #lineCollectors: Uint16Array;
  // One entry per family and one past the last: where its lines and its head start.
  readonly #familyLines: Int32Array;
  readonly #heads: Int32Array;

  constructor(layout: Layout, dialects: readonly Dialect[], format: Format) {
    this.version = layout.version;
    const compiled: CompiledFamily[] = families(layout.series(), dialects, format);
    const lines = compiled.flatMap((f) => f.lines);
    const collectors = [...new Set(lines.map((l) => l.collector))];
    this.collectors = collectors;

    const encoder = new TextEncoder();
    const heads = compiled.map((f) => encoder.encode(f.head));
    const texts = lines.map((l) => encoder.encode(l.text));
    const size = (parts: readonly Uint8Array[]): number => parts.reduce((n, p) => n + p.length, 0);
    this.start = size(heads) + size(texts);
    const room = this.start + lines.length * (MAX_NUMBER_LENGTH + 1) + EOF_LINE.length;
    this.bytes = new Uint8Array(this.start + room);

    let at = 0;
    const place = (parts: readonly Uint8Array[]): Int32Array => {
      const offsets = new Int32Array(parts.length + 1);
      for (const [i, part] of parts.entries()) {
        offsets[i] = at;
        this.bytes.set(part, at);
        at += part.length;
      }
      offsets[parts.length] = at;
      return offsets;
    };
    this.#heads = place(heads);
    this.#offsets = place(texts);
    this.#slots = Int32Array.from(lines, (l) => l.slot);
    this.#scales = Float64Array.from(lines, (l) => l.scale);
    this.#lineCollectors = Uint16Array.from(lines, (l) => collectors.indexOf(l.collector));
    this.#familyLines = new Int32Array(compiled.length + 1);
    for (const [i, f] of compiled.entries()) {
      this.#familyLines[i + 1] = (this.#familyLines[i] as number) + f.lines.length;
    }
    this.#closing = format === 'openmetrics' ? EOF_LINE : new Uint8Array(0);
  }

  /** One byte per collector of this page: whether its lines are shown. */
  mask(shown: (collector: string) => boolean): Uint8Array {
    return Uint8Array.from(this.collectors, (c) => (shown(c) ? 1 : 0));
  }

  /**
   * Writes the page of `values` behind `start` and returns where it ends. A line whose value is NaN is
   * left out, and a family of which no line is left too.
   */
  render(values: Float64Array, mask: Uint8Array): number {
    const bytes = this.bytes;
    const slots = this.#slots;
    const scales = this.#scales;
    const offsets = this.#offsets;
    const collectors = this.#lineCollectors;
    const familyLines = this.#familyLines;
    const heads = this.#heads;
    let at = this.start;
    for (let f = 0; f + 1 < familyLines.length; f++) {
      const head = heads[f] as number;
      const headEnd = heads[f + 1] as number;
      let open = false;
      const last = familyLines[f + 1] as number;
      for (let i = familyLines[f] as number; i < last; i++) {
        const raw = values[slots[i] as number] as number;
        if (Number.isNaN(raw) || mask[collectors[i] as number] === 0) continue;
        if (!open) {
          bytes.copyWithin(at, head, headEnd);
          at += headEnd - head;
          open = true;
        }
        const from = offsets[i] as number;
        const to = offsets[i + 1] as number;
        bytes.copyWithin(at, from, to);
        const value = raw === SAID_NAN ? Number.NaN : scaled(raw, scales[i] as number);
        at = writeNumber(bytes, at + to - from, value);
        bytes[at++] = NEWLINE;
      }
    }
    for (let i = 0; i < this.#closing.length; i++) bytes[at++] = this.#closing[i] as number;
    return at;
  }
}
