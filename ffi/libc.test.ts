import { expect, test } from 'bun:test';
import { testWith } from '../test/parts.ts';
import { openTimex, TIMEX_LAYOUT } from './libc.ts';

testWith(['cc'], 'TIMEX_LAYOUT is what <sys/timex.h> says of struct timex', async ({ cc }) => {
  const fields = { ...TIMEX_LAYOUT.int, ...TIMEX_LAYOUT.long };
  const claims = Object.entries(fields).map(
    ([field, at]) => `_Static_assert(offsetof(struct timex, ${field}) == ${at}, "${field}");`,
  );
  const sizes = [
    ...Object.keys(TIMEX_LAYOUT.int).map((field) => [field, 'int']),
    ...Object.keys(TIMEX_LAYOUT.long).map((field) => [field, 'long']),
  ].map(
    ([field, type]) =>
      `_Static_assert(sizeof(((struct timex *)0)->${field}) == sizeof(${type}), "${field}");`,
  );
  const source = [
    '#include <stddef.h>',
    '#include <sys/timex.h>',
    `_Static_assert(sizeof(struct timex) == ${TIMEX_LAYOUT.bytes}, "size");`,
    ...claims,
    ...sizes,
  ].join('\n');
  const child = Bun.spawn([cc, '-fsyntax-only', '-x', 'c', '-'], {
    stdin: new TextEncoder().encode(source),
    stderr: 'pipe',
  });
  expect(await child.stderr.text()).toBe('');
  expect(await child.exited).toBe(0);
});

test('openTimex() reads the clock of this kernel', () => {
  const timex = openTimex();
  expect(timex.read()).toBeWithin(0, 6);
  // 100 ticks a second, which the kernel lets be slewed by ten per cent at most.
  expect(timex.long('tick')).toBeWithin(9_000, 11_001);
  expect(timex.long('maxerror')).toBeGreaterThanOrEqual(0);
  expect(timex.int('tai')).toBeWithin(0, 100);
});

test('openTimex() says that FFI is not to be had when there is no JIT', async () => {
  const child = Bun.spawn([process.execPath, '-e', "require('./ffi/libc.ts').openTimex()"], {
    cwd: new URL('..', import.meta.url).pathname,
    env: { ...process.env, BUN_JSC_useJIT: '0' },
    stderr: 'pipe',
  });
  expect(await child.stderr.text()).toContain('requires the JIT');
  expect(await child.exited).toBe(1);
});
