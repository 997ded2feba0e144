/** A server whose page holds the families of an engine that it runs, or its own. */
import { type Engine, MAPPED, type Rule } from './engine.ts';

type Signals = Engine['signals'];

/** Of each signal the rules of the first, then those of the second. */
export const either = (first: Signals, second: Signals): Signals =>
  Object.fromEntries(
    MAPPED.map(
      (signal) => [signal, [...(first[signal] ?? []), ...(second[signal] ?? [])]] as const,
    ).filter(([, rules]) => rules.length > 0),
  );

/** The same rules; what they say is there only in some servers. */
export const noted = (signals: Signals, note: string): Signals =>
  Object.fromEntries(
    Object.entries(signals).map(([signal, rules]) => [
      signal,
      rules.map(
        (rule): Rule => ({
          ...rule,
          note: rule.note === undefined ? note : `${note}; ${rule.note}`,
        }),
      ),
    ]),
  );
