/**
 * What the queries of Grafana's dashboard 12239, "NVIDIA DCGM Exporter Dashboard", find in the dcgm dialect:
 * on the pages of test/golden, which golden.test.ts compares with what the program says.
 */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every family that a panel asks for, as `NAME{instance=~"$instance", gpu=~"$gpu"}`, and its panel's unit. */
const PANELS = {
  DCGM_FI_DEV_GPU_TEMP: { least: 0, most: 100 },
  /** Watts. */
  DCGM_FI_DEV_POWER_USAGE: { least: 1, most: 2400 },
  /** MHz: the panel multiplies by 1,000,000. */
  DCGM_FI_DEV_SM_CLOCK: { least: 100, most: 5000 },
  /** Per cent. */
  DCGM_FI_DEV_GPU_UTIL: { least: 0, most: 100 },
  /** MiB. */
  DCGM_FI_DEV_FB_USED: { least: 1, most: 2_000_000 },
  /** A ratio. */
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: { least: 0, most: 1 },
} as const;

/** Of labels, those that a query or a legend names; `instance` is Prometheus's own. */
const LABELS = ['gpu', 'hostname'] as const;

type Family = keyof typeof PANELS;
const FAMILIES = Object.keys(PANELS) as Family[];

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samples(page: string, family: Family): Sample[] {
  const lines = page.matchAll(new RegExp(`^${family}\\{(.*)\\} (\\S+)$`, 'gm'));
  return [...lines].map(([, labels = '', value]) => ({
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => [name, text]),
    ),
    value: Number(value),
  }));
}

const pageOf = (scenario: string): string =>
  readFileSync(join(import.meta.dir, `../golden/nvidia/${scenario}.dcgm.text.txt`), 'utf8');

test.each(FAMILIES)(
  '%s has a series for each of eight H200, in the unit of its panel',
  (family) => {
    const found = samples(pageOf('h200x8'), family);
    expect(found.map(({ labels }) => labels['gpu'])).toEqual([...'01234567']);
    for (const { labels, value } of found) {
      for (const label of LABELS) expect(labels).toHaveProperty(label);
      expect(value).toBeWithin(PANELS[family].least, PANELS[family].most + 1);
    }
  },
);

test.each([
  ['gb10', ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE']],
  ['rtx4090', ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE']],
  ['h100-mig', []],
] as const)('all of it but what its driver does not measure has %s', (scenario, without) => {
  const page = pageOf(scenario);
  expect(FAMILIES.filter((family) => samples(page, family).length === 0)).toEqual([...without]);
});
