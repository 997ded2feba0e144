import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../openmetrics.ts';

const pages = readdirSync(import.meta.dir, { encoding: 'utf8', recursive: true }).filter((file) =>
  file.endsWith('.openmetrics.txt'),
);

test.each(pages)('%s is OpenMetrics', (file) => {
  const page = readFileSync(join(import.meta.dir, file), 'utf8');
  expect(violations(page)).toEqual([]);
});

/** Each is wrong in one way. */
const BAD: readonly (readonly [problem: string, page: string])[] = [
  ['does not end with # EOF', '# TYPE a gauge\na 1\n'],
  ['no sample: # EOF', '# TYPE a gauge\na 1\n# EOF\n# EOF\n'],
  ['no sample: ', '# TYPE a gauge\n\na 1\n# EOF\n'],
  ['twice: # TYPE a gauge', '# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n'],
  ['twice: # HELP a y', '# HELP a x\n# HELP a y\na 1\n# EOF\n'],
  ['twice: a{x="1"}', 'a{x="1"} 1\na{x="1"} 2\n# EOF\n'],
  ['twice: a{x="1",y="2"}', 'a{y="2",x="1"} 1\na{x="1",y="2"} 2\n# EOF\n'],
  ['behind samples: # HELP a x', '# TYPE a gauge\na 1\n# HELP a x\n# EOF\n'],
  [
    'not in one piece: a',
    '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a x\na{x="1"} 1\n# EOF\n',
  ],
  ['no sample of a', '# TYPE a gauge\n# TYPE b gauge\nb 1\n# EOF\n'],
  ['no such type: # TYPE a untyped', '# TYPE a untyped\na 1\n# EOF\n'],
  ['unit not in the name: # UNIT a seconds', '# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n'],
  ['not of counter a: a 1', '# TYPE a counter\na 1\n# EOF\n'],
  ['not of counter a_total: a_total 1', '# TYPE a_total counter\na_total 1\n# EOF\n'],
  ['not of gauge a: b 1', '# TYPE a gauge\na 1\nb 1\n# EOF\n'],
  ['not escaped: # HELP a "x"', '# HELP a "x"\na 1\n# EOF\n'],
  ['no sample: a{x="\\t"} 1', 'a{x="\\t"} 1\n# EOF\n'],
  ['no sample: a{x="1",} 1', 'a{x="1",} 1\n# EOF\n'],
  ['no sample: a{} 1', 'a{} 1\n# EOF\n'],
  ['no sample: a 0x1', 'a 0x1\n# EOF\n'],
  ['a label twice: a{x="1",x="2"} 1', 'a{x="1",x="2"} 1\n# EOF\n'],
];

test.each(BAD)('violations() finds what is wrong: %s', (problem, page) => {
  expect(violations(page)).toContain(problem);
});
