/** One group on one GPU of the fake library, polled by hand. */

import { FakeNvml, type FakeOptions } from '../../../test/fakes/nvml/nvml.ts';
import { Board } from '../../board/board.ts';
import { Layout, type Series } from '../../board/layout.ts';
import { type Gpu, type Group, RESHAPE, type Reading } from './group.ts';
import { describe } from './info.ts';

export const NEEDS = ['cc', 'nvmlHeader'] as const;

/** Labels that all series of a GPU have. */
const COMMON = ['device', 'uuid', 'name'];

export interface PolledOptions extends FakeOptions {
  /** Index of the GPU. */
  readonly gpu?: number;
  /** Version of the driver, unless that of the scenario. */
  readonly driver?: string;
  /** What the scenario does not say of this GPU, from the beginning. */
  readonly set?: Readonly<Record<string, string | number>>;
}

export class Polled implements Disposable {
  readonly fake: FakeNvml;
  readonly gpu: Gpu;
  /** Undefined where the group has nothing of this GPU. */
  readonly reading: Reading | undefined;
  /** What the last sample answered. */
  rc = 0;
  readonly #layout = new Layout(new Board());
  #declared = false;

  constructor(
    scenario: string,
    group: Group,
    { gpu = 0, elapsed = 0, set = {}, driver, ...options }: PolledOptions = {},
  ) {
    this.fake = new FakeNvml(scenario, { elapsed, ...options });
    this.fake.setAll(`gpu ${gpu}`, set);
    if (driver !== undefined) this.fake.set('system', 'DriverVersion', driver);
    const nvml = this.fake.open();
    if (nvml.init() !== 0) throw new Error(`NVML cannot be initialised: ${nvml.rc}`);
    const handle = nvml.handle(gpu);
    this.gpu = describe(nvml, handle, gpu, nvml.text('uuid', handle) ?? '', {});
    this.reading = group.attach(this.gpu);
  }

  /** Looks anew what there is, as it is done every ten seconds. */
  discover(): void {
    const draft = this.#layout.draft('nvidia');
    this.reading?.declare(draft);
    draft.commit();
    this.#declared = true;
  }

  /** Samples, and answers what a page would show: lines without the labels that all series have. */
  poll(): Record<string, number> {
    if (!this.#declared) this.discover();
    this.rc = this.#sample();
    if (this.rc === RESHAPE) {
      this.discover();
      this.rc = this.#sample();
    }
    const lines: Record<string, number> = {};
    for (const series of this.#layout.series()) {
      const value = this.#layout.board.values[series.slot] as number;
      if (!Number.isNaN(value)) lines[line(series)] = value;
    }
    return lines;
  }

  /** Labels and facts of a family's series. */
  labels(family: string): Readonly<Record<string, string>>[] {
    return [...this.#layout.series()]
      .filter((series) => nameOf(series) === family)
      .map((series) => series.labels);
  }

  #sample(): number {
    return this.reading?.sample(this.#layout.board.values) ?? 0;
  }

  [Symbol.dispose](): void {
    this.reading?.close?.();
    this.fake[Symbol.dispose]();
  }
}

const nameOf = ({ signal }: Series): string =>
  (signal.dialects.native ?? signal.dialects.dcgm)?.name ?? signal.id;

function line(series: Series): string {
  const labels = (series.signal.labels ?? [])
    .filter((label) => !COMMON.includes(label) && label in series.labels)
    .map((label) => `${label}=${series.labels[label]}`);
  const name = nameOf(series).replace(/^gpu_/, '');
  return labels.length === 0 ? name : `${name}{${labels.join()}}`;
}
