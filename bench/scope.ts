/** What every benchmark is given and gives. */
import type { Row } from './table.ts';

export interface Scope {
  /** Fewer rounds: whether it works, not what it says. */
  readonly quick: boolean;
}

/** Measures one promise of this program. Throws where it cannot be measured. */
export type Promised = (scope: Scope) => Promise<Row[]>;
