import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Exposed } from '../../test/exposed.ts';
import { HttpMetrics } from './http.ts';

const SECONDS = 'edgegauge_scrape_duration_seconds';
const BYTES = 'edgegauge_response_bytes';
const SCRAPES = 'edgegauge_scrapes_total';

interface Observation {
  readonly code: number;
  readonly seconds: number;
  readonly bytes: number;
}

class Machine {
  readonly metrics = new HttpMetrics();
  readonly exposed = new Exposed(this.metrics.source());

  observe(...all: Observation[]): void {
    for (const o of all) this.metrics.observe(o.code, o.seconds, o.bytes);
  }

  /** By name and labels. */
  sample(): Map<string, number> {
    const lines = this.exposed.sample('native');
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  }
}

/** The buckets of a family, as they should be by what was observed. */
function expectHistogram(sample: Map<string, number>, family: string, observed: number[]): void {
  const buckets = [...sample].filter(([name]) => name.startsWith(`${family}_bucket`));
  expect(buckets.length).toBeGreaterThan(5);
  for (const [name, count] of buckets) {
    const bound = /le="(.*)"/.exec(name)?.[1] as string;
    const most = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
    expect([name, count]).toEqual([name, observed.filter((v) => v <= most).length]);
  }
  expect(sample.get(`${family}_count`)).toBe(observed.length);
  expect(sample.get(`${family}_sum`)).toBeCloseTo(
    observed.reduce((a, b) => a + b, 0),
    6,
  );
}

describe('HttpMetrics', () => {
  test('says 0 of everything before the first scrape', () => {
    const sample = new Machine().sample();
    expect(sample.get(`${SCRAPES}{code="200"}`)).toBe(0);
    expect(sample.get(`${SCRAPES}{code="400"}`)).toBe(0);
    expect(sample.get(`${SCRAPES}{code="500"}`)).toBe(0);
    expectHistogram(sample, SECONDS, []);
    expectHistogram(sample, BYTES, []);
  });

  test('counts what was observed, bound by bound, as of the last refresh', async () => {
    const observation = fc.record({
      code: fc.constantFrom(200, 200, 400, 500),
      seconds: fc.oneof(
        fc.constantFrom(0, 0.0001, 0.0005, 0.1, 1, 1.0001),
        fc.double({ min: 0, max: 2, noNaN: true }),
      ),
      bytes: fc.oneof(fc.constantFrom(0, 1000, 1001, 1e7, 2e7), fc.nat({ max: 2e7 })),
    });
    const parts = fc.array(fc.array(observation, { maxLength: 12 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        const machine = new Machine();
        const seen: Observation[] = [];
        for (const part of all) {
          machine.observe(...part);
          seen.push(...part);
          await machine.metrics.refresh();
          const sample = machine.sample();
          expectHistogram(
            sample,
            SECONDS,
            seen.map((o) => o.seconds),
          );
          expectHistogram(
            sample,
            BYTES,
            seen.map((o) => o.bytes),
          );
          for (const code of [200, 400, 500]) {
            const count = seen.filter((o) => o.code === code).length;
            expect(sample.get(`${SCRAPES}{code="${code}"}`)).toBe(count);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('shows nothing new before a refresh', async () => {
    const machine = new Machine();
    machine.observe({ code: 200, seconds: 0.1, bytes: 5 });
    expect(machine.sample().get(`${SECONDS}_count`)).toBe(0);
    await machine.metrics.refresh();
    machine.observe({ code: 200, seconds: 0.1, bytes: 5 });
    expect(machine.sample().get(`${SECONDS}_count`)).toBe(1);
  });

  test('loses nothing when a second refresh comes before the first one has loaded', async () => {
    const machine = new Machine();
    machine.observe({ code: 200, seconds: 0.1, bytes: 5 });
    await Promise.all([machine.metrics.refresh(), machine.metrics.refresh()]);
    machine.observe({ code: 200, seconds: 0.2, bytes: 6 });
    await machine.metrics.refresh();
    const sample = machine.sample();
    expectHistogram(sample, SECONDS, [0.1, 0.2]);
    expectHistogram(sample, BYTES, [5, 6]);
    expect(sample.get(`${SCRAPES}{code="200"}`)).toBe(2);
  });

  test('counts two servers apart', async () => {
    const [one, two] = [new Machine(), new Machine()];
    one.observe({ code: 500, seconds: 1, bytes: 1 });
    await Promise.all([one.metrics.refresh(), two.metrics.refresh()]);
    expect(one.sample().get(`${SCRAPES}{code="500"}`)).toBe(1);
    expect(two.sample().get(`${SCRAPES}{code="500"}`)).toBe(0);
  });
});
