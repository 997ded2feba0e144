/** What the clocks of a place show for a while. */
export interface Zone {
  /** `CET`, `UTC`, `+03`. */
  readonly abbreviation: string;
  /** Seconds ahead of UTC. */
  readonly offset: number;
  /** Unix seconds between which it holds. */
  readonly since: number;
  readonly until: number;
}

export const UTC: Zone = { abbreviation: 'UTC', offset: 0, since: -Infinity, until: Infinity };
