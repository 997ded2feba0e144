/**
 * Writes what is made from the catalog, the engines and the table of settings: docs/METRICS.md, docs/SERVING.md,
 * config/edgegauge.yaml and the flags in README.md. `make docs`. A test says when one is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsPage } from './metrics-page.ts';
import { servingPage } from './serving-page.ts';
import { configFile, withFlags } from './settings-page.ts';

const at = (path: string): string => join(import.meta.dir, '..', path);

writeFileSync(at('docs/METRICS.md'), metricsPage());
writeFileSync(at('docs/SERVING.md'), servingPage());
writeFileSync(at('config/edgegauge.yaml'), configFile());
writeFileSync(at('README.md'), withFlags(readFileSync(at('README.md'), 'utf8')));
