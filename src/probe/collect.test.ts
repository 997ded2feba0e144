import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const FIXTURE = fileURLToPath(new URL('probe.fixture.ts', import.meta.url));
const POLLS = 40;

/** Collections of a probe that polls so often, as its runtime prints them. */
async function collections(...args: readonly string[]): Promise<number> {
  const directory = mkdtempSync(`${tmpdir()}/edgegauge-collect-`);
  try {
    const child = Bun.spawn([process.execPath, FIXTURE, directory, ...args], {
      env: { ...process.env, BUN_JSC_logGC: '1', BUN_GC_TIMER_DISABLE: '1' },
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'pipe',
    });
    // No more polls than are ordered: each order is followed by one.
    for (let i = 0; i < POLLS; i++) {
      child.stdin.write(
        `${JSON.stringify({ directory, owner: process.pid, interval: 3_600_000 })}\n`,
      );
      await child.stdin.flush();
      await Bun.sleep(2);
    }
    child.stdin.end();
    return (await child.stderr.text()).split('GC END!').length - 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a probe that is told to collects garbage after so many polls, and no other does', async () => {
  const left = await collections();
  expect(await collections('5')).toBeGreaterThan(left + 2);
  expect(left).toBeLessThan(3);
});
