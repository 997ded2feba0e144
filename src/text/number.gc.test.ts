import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';

test('writeNumber() causes no collection in 5,000,000 calls, where strings cause some', async () => {
  const fixture = fileURLToPath(new URL('number.gc.fixture.ts', import.meta.url));
  const child = Bun.spawn([process.execPath, fixture], {
    env: { ...process.env, BUN_JSC_logGC: '1' },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const log = await child.stderr.text();
  expect(await child.exited).toBe(0);
  const [, numbers, strings] = /\nnumbers\n(.*?)strings\n(.*)end\n/s.exec(`\n${log}`) ?? [];
  expect(strings).toContain('[GC<');
  expect(numbers).toBe('');
});
