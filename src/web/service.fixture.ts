/** A service that answers with a page of its own, and remembers what it was asked and told. */
import type { MetricsQuery, Observation, Service } from './face.ts';

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface FakeService extends Service {
  readonly asked: MetricsQuery[];
  readonly told: Observation[];
}

export function fakeService(overrides: Partial<Service> = {}): FakeService {
  const asked: MetricsQuery[] = [];
  const told: Observation[] = [];
  const bytes = exposition(40);
  return {
    asked,
    told,
    metrics(query) {
      asked.push(query);
      return {
        bytes,
        contentType: TEXT_TYPE,
        gzip: query.acceptEncoding?.includes('gzip') ?? false,
      };
    },
    ready: () => true,
    status: () => ({ version: '1.2.3', sources: [] }),
    reload: async () => undefined,
    observe: (observation) => void told.push(observation),
    ...overrides,
  };
}

/** A page as a host has it, about 70 bytes a line: the same names over and over, and numbers that are not. */
export function exposition(lines: number): Uint8Array<ArrayBuffer> {
  const out: string[] = [];
  for (let i = 0; i < lines; i++) {
    if (i % 8 === 0) {
      out.push(`# HELP edgegauge_example_${i}_seconds_total Seconds spent in an example.`);
      out.push(`# TYPE edgegauge_example_${i}_seconds_total counter`);
    }
    const value = ((i * 2654435761) % 4294967296) / 100;
    out.push(`edgegauge_example_${i - (i % 8)}_seconds_total{cpu="${i % 8}",mode="idle"} ${value}`);
  }
  return new TextEncoder().encode(`${out.join('\n')}\n`);
}
