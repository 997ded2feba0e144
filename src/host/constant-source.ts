/** A source of values that are looked up at discovery and repeated at every sample: names and versions. */
import type { Draft } from '../board/layout.ts';
import { SAMPLE, type SampleCode, type Source } from '../board/source.ts';

/** Gives a slot its value. */
export type Assign = (slot: number, value: number) => void;

export interface ConstantSourceSpec {
  readonly name: string;
  readonly collectors: readonly string[];
  /** Declares series and assigns their values. Throws NoData where there are none. */
  look(draft: Draft, assign: Assign): void;
}

export function constantSource(spec: ConstantSourceSpec): Source {
  let slots: number[] = [];
  let numbers: number[] = [];
  return {
    name: spec.name,
    collectors: spec.collectors,
    discover(draft) {
      slots = [];
      numbers = [];
      spec.look(draft, (slot, value) => {
        slots.push(slot);
        numbers.push(value);
      });
    },
    sample(values): SampleCode {
      for (let i = 0; i < slots.length; i++) values[slots[i] as number] = numbers[i] as number;
      return SAMPLE.ok;
    },
    close() {},
  };
}
