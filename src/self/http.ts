/**
 * Counters and histograms of the web edge. prom-client keeps them; its reads are asynchronous, so a
 * timer copies them into arrays and a scrape copies those onto the board. It is loaded after the start:
 * what is observed before is kept and told to it then.
 */
import type { Counter, Histogram } from 'prom-client';
import { SAMPLE, type Source } from '../board/source.ts';
import { SELF } from '../catalog/self.ts';

const SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1];
const BYTES = [1e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 1e7];
/** Codes that /metrics can answer; declared at once, so that each is 0 before it first happens. */
const CODES = ['200', '400', '500'];

interface Meters {
  readonly seconds: Histogram;
  readonly bytes: Histogram;
  readonly requests: Counter<'code'>;
}

export class HttpMetrics {
  #meters: Meters | undefined;
  #loading: Promise<Meters> | undefined;
  readonly #early: { readonly code: number; readonly seconds: number; readonly bytes: number }[] =
    [];
  readonly #seconds = new Float64Array(SECONDS.length + 2);
  readonly #bytes = new Float64Array(BYTES.length + 2);
  readonly #requests = new Float64Array(CODES.length);

  observe(code: number, seconds: number, bytes: number): void {
    const meters = this.#meters;
    if (meters === undefined) {
      this.#early.push({ code, seconds, bytes });
      return;
    }
    meters.requests.inc({ code: String(code) });
    meters.seconds.observe(seconds);
    meters.bytes.observe(bytes);
  }

  /** Copies what prom-client holds to where the next sample finds it. */
  async refresh(): Promise<void> {
    // Two that wait for the same load must end up with the same meters.
    this.#loading ??= create();
    this.#meters = await this.#loading;
    for (const o of this.#early.splice(0)) this.observe(o.code, o.seconds, o.bytes);
    const { seconds, bytes, requests } = this.#meters;
    copy(await seconds.get(), this.#seconds);
    copy(await bytes.get(), this.#bytes);
    for (const v of (await requests.get()).values) {
      const at = CODES.indexOf(String(v.labels.code));
      if (at >= 0) this.#requests[at] = v.value;
    }
  }

  source(): Source {
    let seconds = 0;
    let bytes = 0;
    let requests: readonly number[] = [];
    return {
      name: 'http',
      collectors: ['self'],
      discover: (draft) => {
        seconds = draft.slot(SELF.scrapeDuration, {}, { bounds: SECONDS });
        bytes = draft.slot(SELF.responseBytes, {}, { bounds: BYTES });
        requests = CODES.map((code) => draft.slot(SELF.requests, { code }));
      },
      sample: (values) => {
        values.set(this.#seconds, seconds);
        values.set(this.#bytes, bytes);
        for (let i = 0; i < requests.length; i++) {
          values[requests[i] as number] = this.#requests[i] as number;
        }
        return SAMPLE.ok;
      },
      close() {},
    };
  }
}

async function create(): Promise<Meters> {
  const [{ default: Counter }, { default: Histogram }] = await Promise.all([
    import('prom-client/lib/counter.js'),
    import('prom-client/lib/histogram.js'),
  ]);
  const registers: [] = [];
  const help = '-';
  return {
    seconds: new Histogram({ name: 'seconds', help, buckets: SECONDS, registers }),
    bytes: new Histogram({ name: 'bytes', help, buckets: BYTES, registers }),
    requests: new Counter({ name: 'requests', help, labelNames: ['code'], registers }),
  };
}

/** prom-client tells the buckets, +Inf, sum, count; our block ends with count, sum: +Inf is the count. */
function copy(
  metric: { readonly values: readonly { readonly metricName?: string; readonly value: number }[] },
  into: Float64Array,
): void {
  for (const [i, v] of metric.values.entries()) {
    if (i < into.length) into[i] = v.value;
  }
}
