import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOG } from '../src/catalog/index.ts';
import { dcgmMetrics, metricsPage, missing, namesOf } from './metrics-page.ts';

test('docs/METRICS.md is what the catalog says', () => {
  const file = join(import.meta.dir, '..', 'docs', 'METRICS.md');
  expect(readFileSync(file, 'utf8') === metricsPage()).toBe(true);
});

test('every name that dashboard 1860 queries is there, or has a reason why not', () => {
  expect(missing().filter(([, reason]) => reason === '')).toEqual([]);
});

test('every metric of dcgm-exporter is there, or has a reason why not', () => {
  expect(dcgmMetrics().filter(([, , reason]) => reason === '')).toEqual([]);
});

test('the dcgm dialect has no DCGM name that dcgm-exporter does not know', () => {
  const known = new Set(dcgmMetrics().map(([name]) => name));
  const ours = [...namesOf('dcgm')].filter((name) => name.startsWith('DCGM_'));
  expect(ours.filter((name) => !known.has(name))).toEqual([]);
  expect(ours.length).toBeGreaterThan(40);
});

test('signals have unique ids, legal names, and a help', () => {
  const ids = CATALOG.map((s) => s.id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  for (const s of CATALOG) {
    expect(s.help, s.id).toMatch(/\S/);
    for (const entry of Object.values(s.dialects)) {
      expect(entry.name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    }
  }
});
