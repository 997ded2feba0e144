import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';

test('two million scrapes of a probe that goes on sampling cause no collection, where strings cause some', async () => {
  const fixture = fileURLToPath(new URL('supervisor.gc.fixture.ts', import.meta.url));
  const child = Bun.spawn([process.execPath, fixture], {
    env: { ...process.env, BUN_JSC_logGC: '1' },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const log = await child.stderr.text();
  expect(await child.exited).toBe(0);
  const [, scrapes, strings, taken] =
    /\nscrapes\n(.*?)strings\n(.*)end\n.*taken (\d+)\n/s.exec(`\n${log}`) ?? [];
  expect(strings).toContain('[GC<');
  expect(scrapes).toBe('');
  expect(Number(taken)).toBeGreaterThan(10);
}, 60_000);
