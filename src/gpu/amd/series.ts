/** The series of one card that quantities become: declared once a value was seen, absent whenever there is none. */
import type { GpuFacts } from '../../catalog/gpu/gpu.ts';
import type { Slots } from '../reading.ts';
import { COLUMNS, type Column } from './columns.ts';
import type { AmdGroup, Quantities } from './quantities.ts';

interface Entry {
  readonly column: Column;
  /** -1 while no value was seen. */
  slot: number;
  seen: boolean;
}

export class GroupSeries {
  readonly #facts: GpuFacts;
  readonly #entries: readonly Entry[];

  constructor(facts: GpuFacts, group: AmdGroup) {
    this.#facts = facts;
    this.#entries = COLUMNS[group].map((column) => ({ column, slot: -1, seen: false }));
  }

  declare(slots: Slots): void {
    for (const entry of this.#entries) {
      if (!entry.seen) continue;
      const labels = { ...this.#facts, ...entry.column.labels };
      entry.slot = slots.slot(entry.column.signal, labels);
    }
  }

  /** Writes what is known. Answers true where a value was seen that has no series yet. */
  write(values: Float64Array, all: Quantities): boolean {
    let unseen = false;
    for (const entry of this.#entries) {
      const value = entry.column.value(all);
      if (entry.slot >= 0) values[entry.slot] = value;
      else if (!Number.isNaN(value)) {
        entry.seen = true;
        unseen = true;
      }
    }
    return unseen;
  }

  blank(values: Float64Array): void {
    for (const { slot } of this.#entries) if (slot >= 0) values[slot] = Number.NaN;
  }
}
