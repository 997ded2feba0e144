/** The source `nvidia` over the fake library, as a probe runs it, with a clock of its own. */

import { Exposed } from '../../../test/exposed.ts';
import { FakeNvml, type FakeOptions } from '../../../test/fakes/nvml/nvml.ts';
import { type Guard, UNGUARDED } from '../../board/guard.ts';
import type { Dialect } from '../../catalog/signal.ts';
import type { Group } from './group.ts';
import { type NvidiaOptions, nvidia } from './nvidia.ts';
import { temperature } from './temperature.ts';

export interface MachineOptions extends FakeOptions {
  readonly groups?: readonly Group[];
  readonly guard?: Guard;
  readonly source?: Partial<NvidiaOptions>;
  /** What the scenario does not say, from the beginning: by section. */
  readonly set?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

export class Machine implements Disposable {
  readonly fake: FakeNvml;
  readonly exposed: Exposed;
  /** Milliseconds. */
  now = 1_000_000;
  readonly #close: () => void;

  constructor(scenario: string, options: MachineOptions = {}) {
    const { groups = [temperature], guard = UNGUARDED, source: own, set = {}, ...rest } = options;
    this.fake = new FakeNvml(scenario, { elapsed: 0, ...rest });
    for (const [section, values] of Object.entries(set)) this.fake.setAll(section, values);
    this.fake.open();
    const source = nvidia(
      {
        library: this.fake.library,
        required: false,
        procfs: '/nonexistent',
        host: { hostname: 'node1' },
        interval: 1000,
        groups,
        now: () => this.now,
        ...own,
      },
      guard,
    );
    this.#close = () => source.close();
    this.exposed = new Exposed(source);
  }

  /** Polls after so many seconds; lines of families that begin so, without the prefix `gpu_`. */
  poll(prefix = '', seconds = 1, dialect: Dialect = 'native'): string[] {
    this.now += seconds * 1000;
    return this.exposed
      .sample(dialect, dialect === 'native' ? `gpu_${prefix}` : prefix)
      .map((line) => line.replace(/^gpu_/, ''));
  }

  /** A number for each GPU, by its index: of the family's lines. */
  values(family: string, seconds = 1): Record<string, number> {
    return Object.fromEntries(
      this.poll(`${family}{`, seconds).map((line) => [
        /device="(\d+)"/.exec(line)?.[1] ?? '',
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
    );
  }

  /** Looks for devices anew, as a probe does every ten seconds. */
  rediscover(seconds = 10): void {
    this.now += seconds * 1000;
    this.exposed.registry.rediscover();
  }

  get report(): { status: string; error: string | undefined } {
    const [report] = this.exposed.registry.reports();
    return { status: report?.status ?? '', error: report?.error };
  }

  [Symbol.dispose](): void {
    this.#close();
    this.fake[Symbol.dispose]();
  }
}
