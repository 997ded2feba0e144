import { expect, test } from 'bun:test';
import { table } from './table.ts';

test('table() has its columns below each other, and failures at its end', () => {
  expect(
    table([
      { host: 'a', result: 'failed', detail: 'no route', seconds: 10 },
      { host: 'spark-22', result: 'installed', detail: 'ready: http://x', seconds: 2.04 },
      { host: 'c', result: 'unchanged', detail: '', seconds: 0.5 },
    ]),
  ).toBe(`HOST      RESULT     SECONDS  DETAIL
spark-22  installed  2.0      ready: http://x
c         unchanged  0.5
a         failed     10.0     no route
`);
});
