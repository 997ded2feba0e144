/**
 * What a scrape in process allocates on the heap: nothing. A child scrapes with a heap that is collected
 * after every mebibyte (left to itself: eight), so a million scrapes show a single byte in each, and a
 * hundred thousand the smallest object there is, 16 bytes.
 */
import { join } from 'node:path';
import type { Scope } from './scope.ts';
import type { Row } from './table.ts';

const FIXTURE = join(import.meta.dir, '../test/allocation.fixture.ts');
const MEBIBYTE = 1024 * 1024;

export interface Scrapes {
  /** A fixture machine, or `live`. */
  readonly machine: string;
  readonly scrapes: number;
  /** Bytes allocated beside each scrape, to see that they are seen. */
  readonly waste?: number;
}

/** Collections while the child scraped. Throws, with what it said, where it did not come to its end. */
export async function collections({ machine, scrapes, waste = 0 }: Scrapes): Promise<number> {
  const child = Bun.spawn([process.execPath, FIXTURE, machine, String(scrapes), String(waste)], {
    env: { ...process.env, BUN_JSC_logGC: '1', BUN_JSC_gcMaxHeapSize: String(MEBIBYTE) },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const said = await child.stderr.text();
  const during = /^begin\n(.*?)^end$/ms.exec(said)?.[1];
  if ((await child.exited) !== 0 || during === undefined) throw new Error(said);
  return during.split('GC END!').length - 1;
}

export async function allocation({ quick }: Scope): Promise<Row[]> {
  const scrapes = quick ? 100_000 : 1_000_000;
  const rows: Row[] = [];
  for (const machine of ['h100', 'live']) {
    console.log(`  ${machine}: ${scrapes} scrapes`);
    rows.push({
      what: `allocation: collections in ${scrapes} scrapes in process, ${machine}`,
      measured: await collections({ machine, scrapes }),
      unit: '',
      budget: { of: 0, factor: 1 },
    });
  }
  return rows;
}
