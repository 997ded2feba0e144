/** Writes docs/METRICS.md from the catalog: `make docs`. With `--check` it only says whether the file is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsPage } from './metrics-page.ts';

const file = join(import.meta.dir, '..', 'docs', 'METRICS.md');
const page = metricsPage();
if (process.argv.includes('--check')) {
  const current = readFileSync(file, 'utf8') === page;
  if (!current)
    process.stderr.write('docs/METRICS.md is not what the catalog says: run `make docs`\n');
  process.exitCode = current ? 0 : 1;
} else {
  writeFileSync(file, page);
}
