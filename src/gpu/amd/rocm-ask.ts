/** How the library is asked: once for each quantity, and not again for a while where it did not answer. */
import type { RocmSmi } from '../../../ffi/rocm-smi.ts';
import { at, type Quantities, type Quantity } from './quantities.ts';
import { Question, type RocmCard } from './rocm-card.ts';

/** Writes what it knows of a card. */
export type Read = (card: RocmCard, out: Quantities) => void;
type Judge = (x: number) => number;
type Numbers = Parameters<RocmSmi['number']>;

/** One number, by a call of the table and its inputs. */
export function number(quantity: Quantity, judge: Judge, call: Numbers[0], a = 0, b = 0): Read {
  const question = new Question();
  const index = at(quantity);
  return (card, out) => {
    let value = Number.NaN;
    const ask = (smi: RocmSmi, device: number): number => {
      value = smi.number(call, device, a, b);
      return smi.rc;
    };
    if (card.asks(question, ask)) out[index] = judge(value);
  };
}

/** Several at once: `ask` fills `record`, of which `take` takes what it wants. */
export function several<T>(
  record: T,
  ask: (smi: RocmSmi, device: number, out: T) => number,
  take: (record: T, out: Quantities) => void,
): Read {
  const question = new Question();
  return (card, out) => {
    if (card.asks(question, (smi, device) => ask(smi, device, record))) take(record, out);
  };
}
