import { expect, test } from 'bun:test';
import { GpuMetrics, RocmSmi, STATUS } from '../../../ffi/rocm-smi.ts';
import { at, newQuantities } from './quantities.ts';
import { RocmCard } from './rocm-card.ts';
import { ROCM_GROUPS } from './rocm-groups.ts';

/** A card of a library that answers `rc` to everything, and how often it was asked for what. */
function card(rc: number): { card: RocmCard; asked: Map<string, number> } {
  const asked = new Map<string, number>();
  const smi = new RocmSmi({
    path: '',
    has: () => true,
    bind:
      ([symbol = '']) =>
      () => {
        asked.set(symbol, (asked.get(symbol) ?? 0) + 1);
        return rc;
      },
  });
  const of = { address: '0000:05:00.0', directory: '/nonexistent', hwmon: undefined, minor: 0 };
  return { card: new RocmCard(smi, 0, of, new GpuMetrics()), asked };
}

const BUSY = 'rsmi_dev_busy_percent_get';
const METRICS = 'rsmi_dev_gpu_metrics_info_get';

function poll(of: RocmCard, group: keyof typeof ROCM_GROUPS): Float64Array {
  const all = newQuantities();
  of.begin();
  for (const read of ROCM_GROUPS[group]) read(of, all);
  return all;
}

test('a question that failed is not asked for ten polls', () => {
  const { card: it, asked } = card(STATUS.notSupported);
  for (let i = 0; i < 11; i++) poll(it, 'utilization');
  expect(asked.get(BUSY)).toBe(1);
  poll(it, 'utilization');
  expect(asked.get(BUSY)).toBe(2);
});

test('one that is answered is asked at each poll, and what the library did not write is absent', () => {
  const { card: it, asked } = card(STATUS.success);
  for (let i = 0; i < 3; i++) {
    for (const group of [
      'utilization',
      'memory',
      'temperature',
      'power',
      'power_detail',
    ] as const) {
      expect(poll(it, group).every(Number.isNaN)).toBe(true);
    }
  }
  expect(asked.get(BUSY)).toBe(3);
});

test('gpu_metrics are read once for all groups of a poll', () => {
  const { card: it, asked } = card(STATUS.success);
  const all = newQuantities();
  it.begin();
  for (const group of ['xgmi', 'pcie_errors', 'clock_events'] as const) {
    for (const read of ROCM_GROUPS[group]) read(it, all);
  }
  expect(asked.get(METRICS)).toBe(1);
  poll(it, 'xgmi');
  expect(asked.get(METRICS)).toBe(2);
  expect(all[at('xgmiWidth')]).toBeNaN();
});
