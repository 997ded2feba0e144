import { expect, test } from 'bun:test';
import { collections } from '../bench/allocation.ts';
import { testWith } from './parts.ts';

/** Milliseconds: fifty thousand scrapes of a large machine, on a busy one. */
const PATIENCE = 300_000;
const SCRAPES = 50_000;
/** Of pages with three thousand series more. */
const GPU_SCRAPES = 20_000;
/** Bytes: an array of one number, which is about the least that can be allocated. */
const WASTE = 8;

test(
  'no collection happens in 50,000 scrapes of every host source, both formats and the probe',
  async () => {
    expect(await collections({ machine: 'h100', scrapes: SCRAPES })).toBe(0);
  },
  PATIENCE,
);

testWith(
  ['cc', 'nvmlHeader'],
  'no collection happens in 20,000 scrapes with 8 GPUs and their 64 processes, each with its series',
  async () => {
    expect(await collections({ machine: 'h100', scrapes: GPU_SCRAPES, gpus: 'h200x8' })).toBe(0);
  },
  PATIENCE,
);

test(
  'no collection happens in 20,000 scrapes with 16 model servers, which are asked meanwhile',
  async () => {
    expect(await collections({ machine: 'h100', scrapes: GPU_SCRAPES, engines: true })).toBe(0);
  },
  PATIENCE,
);

test(
  'collections happen where each scrape allocates one small object',
  async () => {
    const waste = { machine: 'vm', scrapes: SCRAPES, waste: WASTE };
    expect(await collections(waste)).toBeGreaterThan(0);
  },
  PATIENCE,
);
