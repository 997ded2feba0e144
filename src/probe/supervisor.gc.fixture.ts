/**
 * Child of supervisor.gc.test.ts: scrapes a live probe between markers on standard error, where a Bun
 * with BUN_JSC_logGC=1 prints its collections, then allocates to show that they would be seen.
 */
import { writeSync } from 'node:fs';
import { Stage } from './stage.fixture.ts';

const devices = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i}`, String(i)]));
const stage = new Stage(devices, { intervals: { busy: 5, idle: 5, idleAfter: 120_000 } });
const { supervisor, layout } = stage;

/** Samples so often; answers how many new ones there were. Every thousandth finds the newest too old. */
function scrapes(n: number): number {
  const { values } = layout.board;
  let taken = 0;
  let last = 0;
  for (let i = 0; i < n; i++) {
    if (i % 1000 === 0) stage.ahead += 1e6;
    supervisor.touch();
    supervisor.sample();
    const time = values[timeSlot] as number;
    if (time !== last) taken++;
    last = time;
  }
  return taken;
}

const mark = (text: string): number => writeSync(2, `${text}\n`);

await stage.shows('test_value_bytes{device="d0"} 0', 'test_value_bytes{device="d99"} 99');
const timeSlot = [...layout.series()].find((s) => s.signal.id === 'self.probeSampleTimestamp')
  ?.slot as number;
scrapes(1_000_000);
mark('scrapes');
const taken = scrapes(2_000_000);
mark('strings');
let bytes = 0;
for (let i = 0; i < 1_000_000; i++) bytes += String(i + 0.5).length;
mark(bytes > 0 ? 'end' : 'nothing was written');
mark(`taken ${taken}`);
await stage[Symbol.asyncDispose]();
