/** One card as librocm_smi64 knows it: a device's index, and what it has not answered lately. */
import { type GpuMetrics, type RocmSmi, STATUS } from '../../../ffi/rocm-smi.ts';
import { list, readText } from './attribute.ts';
import type { Card } from './backend.ts';
import { INTEGRATED, kindOf, tellsEnergy } from './chips.ts';

/** Readings for which a question that failed is not asked: each costs the library an exception of its own. */
const REST = 10;

/** Something that is asked; a card remembers how it answered. Made once, not for each card. */
export class Question {
  static #made = 0;
  readonly id: number = Question.#made++;
  static get made(): number {
    return Question.#made;
  }
}

const METRICS = new Question();

export class RocmCard {
  readonly smi: RocmSmi;
  readonly index: number;
  /** Whether the energy counter is known to be one. */
  readonly energyKnown: boolean;
  /** Part of a chip with the CPU: its PCIe link is a placeholder. */
  readonly integrated: boolean;
  readonly metrics: GpuMetrics;
  readonly #rest = new Uint8Array(Question.made);
  /** Whether gpu_metrics was read in this poll: its groups share one reading. */
  #read = false;

  /** `metrics`: memory that is kept for the device. */
  constructor(smi: RocmSmi, index: number, card: Card, metrics: GpuMetrics) {
    this.smi = smi;
    this.index = index;
    this.metrics = metrics;
    this.integrated = labels(card.hwmon).includes(INTEGRATED);
    this.energyKnown = tellsEnergy(kindOf(card.directory));
  }

  /** Asks unless it failed not long ago; answers whether it succeeded. `call` answers an rsmi_status_t. */
  asks(question: Question, call: (smi: RocmSmi, device: number) => number): boolean {
    const rest = this.#rest[question.id] as number;
    if (rest > 0) {
      this.#rest[question.id] = rest - 1;
      return false;
    }
    const succeeded = call(this.smi, this.index) === STATUS.success;
    if (!succeeded) this.#rest[question.id] = REST;
    return succeeded;
  }

  begin(): void {
    this.#read = false;
  }

  /** Reads gpu_metrics unless this poll did; where that fails, nothing of it is known. */
  readMetrics(): void {
    if (this.#read) return;
    this.#read = true;
    if (!this.asks(METRICS, (smi, device) => smi.gpuMetrics(device, this.metrics))) {
      this.metrics.clear();
    }
  }
}

/** What the voltages of a hwmon chip are called. */
const labels = (hwmon: string | undefined): (string | undefined)[] =>
  hwmon === undefined
    ? []
    : list(hwmon)
        .filter((name) => /^in\d+_label$/.test(name))
        .map((name) => readText(`${hwmon}/${name}`));
