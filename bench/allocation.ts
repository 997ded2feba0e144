/**
 * What a scrape in process allocates on the heap: nothing. A child scrapes with a heap that is collected
 * after every half mebibyte (left to itself: eight), so a million scrapes show a single byte in each, and
 * fifty thousand the smallest object there is, 16 bytes.
 */
import { join } from 'node:path';
import type { Scope } from './scope.ts';
import type { Row } from './table.ts';

const FIXTURE = join(import.meta.dir, '../test/allocation.fixture.ts');
const HALF_MEBIBYTE = 512 * 1024;

export interface Scrapes {
  /** A fixture machine, or `live`. */
  readonly machine: string;
  readonly scrapes: number;
  /** Bytes allocated beside each scrape, to see that they are seen. */
  readonly waste?: number;
  /** Of the fake of NVIDIA's library: its GPUs are on the board too. */
  readonly gpus?: string;
  /** Sixteen model servers are on it too. */
  readonly engines?: boolean;
}

/** Collections while the child scraped. Throws, with what it said, where it did not come to its end. */
export async function collections({
  machine,
  scrapes,
  waste = 0,
  gpus = '',
  engines = false,
}: Scrapes): Promise<number> {
  const child = Bun.spawn(
    [
      process.execPath,
      FIXTURE,
      machine,
      String(scrapes),
      String(waste),
      gpus,
      engines ? 'engines' : '',
    ],
    {
      env: { ...process.env, BUN_JSC_logGC: '1', BUN_JSC_gcMaxHeapSize: String(HALF_MEBIBYTE) },
      stdout: 'ignore',
      stderr: 'pipe',
    },
  );
  const said = await child.stderr.text();
  const during = /^begin\n(.*?)^end$/ms.exec(said)?.[1];
  if ((await child.exited) !== 0 || during === undefined) throw new Error(said);
  return during.split('GC END!').length - 1;
}

const MACHINES = [
  ['h100', '', false, ''],
  ['h100', 'h200x8', false, ' with 8 GPUs and 64 processes'],
  ['h100', '', true, ' with 16 model servers'],
  ['live', '', false, ''],
] as const;

export async function allocation({ quick }: Scope): Promise<Row[]> {
  const scrapes = quick ? 100_000 : 1_000_000;
  const rows: Row[] = [];
  for (const [machine, gpus, engines, also] of MACHINES) {
    console.log(`  ${machine}${also}: ${scrapes} scrapes`);
    rows.push({
      what: `allocation: collections in ${scrapes} scrapes in process, ${machine}${also}`,
      measured: await collections({ machine, scrapes, gpus, engines }),
      unit: '',
      budget: { of: 0, factor: 1 },
    });
  }
  return rows;
}
