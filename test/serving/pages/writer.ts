/**
 * Writes pages as engines write them: each client library of Prometheus prints numbers, comments and labels its
 * own way. Names, types, labels and bounds in the files beside this are those of the engines; values are made up.
 */

export type Labels = Readonly<Record<string, string>>;
type Rows = readonly (readonly [Labels, number])[];

export interface Style {
  readonly number: (x: number) => string;
  /** The bound of a bucket. */
  readonly bound: (x: number) => string;
  readonly help: boolean;
  /** Behind each family. */
  readonly after: string;
  /** Braces without labels. */
  readonly none: '' | '{}';
  /** Behind the last label. */
  readonly comma: '' | ',';
  readonly sorted: boolean;
  /** Whether a histogram prints its sum and count before its buckets. */
  readonly sumFirst?: boolean;
}

/** prometheus_client: always a point, and an exponent of its own making for numbers above a million. */
function python(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : 'NaN';
  const text = Number.isInteger(x) ? `${x}.0` : String(x);
  const dot = text.indexOf('.');
  if (x <= 0 || dot <= 6) return text;
  const digits = `${text.slice(1, dot)}${text.slice(dot + 1)}`.replace(/0+$/, '');
  return `${text[0]}${digits === '' ? '' : `.${digits}`}e+0${dot - 1}`;
}

const plain = (x: number): string => (x === Infinity ? '+Inf' : String(x));

export const PYTHON: Style = {
  number: python,
  bound: python,
  help: true,
  after: '',
  none: '',
  comma: '',
  sorted: true,
};
/** The metrics crate with its Prometheus exporter. */
export const RUST: Style = { ...PYTHON, number: plain, bound: plain, after: '\n', sorted: false };
/** prometheus-cpp. */
export const CPP: Style = { ...RUST, after: '' };
/** TensorFlow Serving's own: no HELP, braces always, six digits. */
export const TENSORFLOW: Style = {
  ...CPP,
  number: (x) => String(Number(x.toPrecision(6))),
  bound: (x) => (x === Infinity ? '+Inf' : String(Number(x.toPrecision(6)))),
  help: false,
  none: '{}',
};
/** The Java client. */
export const JAVA: Style = { ...PYTHON, sorted: false, comma: ',' };

export class PageWriter {
  readonly #style: Style;
  readonly #lines: string[] = [];

  constructor(style: Style) {
    this.#style = style;
  }

  toString = (): string => this.#lines.join('');

  counter = (name: string, rows: Rows | number): this => this.#family('counter', name, rows);
  gauge = (name: string, rows: Rows | number): this => this.#family('gauge', name, rows);

  /** Raw text, where an engine prints what no library does. */
  raw(text: string): this {
    this.#lines.push(text);
    return this;
  }

  /** `count` observations, spread over the bounds; `mean` of them. */
  histogram(
    name: string,
    bounds: readonly number[],
    rows: readonly (readonly [Labels, count: number, mean: number])[],
  ): this {
    this.#head('histogram', name);
    for (const [labels, count, mean] of rows) {
      const totals = [
        this.#line(`${name}_sum`, labels, count * mean),
        this.#line(`${name}_count`, labels, count),
      ];
      if (this.#style.sumFirst === true) this.#lines.push(...totals);
      for (const [i, bound] of [...bounds, Infinity].entries()) {
        const share = bound === Infinity ? 1 : 1 - Math.exp((-4 * i) / bounds.length);
        const le = { ...labels, le: this.#style.bound(bound) };
        this.#lines.push(this.#line(`${name}_bucket`, le, Math.floor(count * share)));
      }
      if (this.#style.sumFirst !== true) this.#lines.push(...totals);
    }
    return this.raw(this.#style.after);
  }

  summary(name: string, quantiles: readonly number[], count: number, sum: number): this {
    this.#head('summary', name);
    for (const q of quantiles) this.raw(this.#line(name, { quantile: String(q) }, sum / count));
    this.raw(this.#line(`${name}_sum`, {}, sum)).raw(this.#line(`${name}_count`, {}, count));
    return this.raw(this.#style.after);
  }

  #family(type: string, name: string, rows: Rows | number): this {
    this.#head(type, name);
    const all: Rows = typeof rows === 'number' ? [[{}, rows]] : rows;
    for (const [labels, value] of all) this.raw(this.#line(name, labels, value));
    return this.raw(this.#style.after);
  }

  #head(type: string, name: string): void {
    if (this.#style.help)
      this.raw(`# HELP ${name} A figure with "quotes" and a \\\\ in its text.\n`);
    this.raw(`# TYPE ${name} ${type}\n`);
  }

  #line(name: string, labels: Labels, value: number): string {
    const { sorted, comma, none, number } = this.#style;
    const entries = Object.entries(labels);
    if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    const inner = entries.map(([k, v]) => `${k}="${v}"`).join(',');
    return `${name}${inner === '' ? none : `{${inner}${comma}}`} ${number(value)}\n`;
  }
}
