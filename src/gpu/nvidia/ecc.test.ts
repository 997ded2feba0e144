import { expect } from 'bun:test';
import { RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { ecc, eccDetail } from './ecc.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

testWith(NEEDS, 'ecc reads counts, modes and remapped rows of a GPU of today', () => {
  using gpu = new Polled('h200x8', ecc, { gpu: 2 });
  expect(gpu.poll()).toEqual({
    ecc_enabled: 1,
    ecc_enabled_pending: 1,
    'ecc_errors_total{lifetime=volatile,error=corrected}': 13,
    'ecc_errors_total{lifetime=volatile,error=uncorrected}': 0,
    'ecc_errors_total{lifetime=aggregate,error=corrected}': 1015,
    'ecc_errors_total{lifetime=aggregate,error=uncorrected}': 4,
    ecc_sram_threshold_exceeded: 0,
    'remapped_rows_total{error=corrected}': 7,
    'remapped_rows_total{error=uncorrected}': 2,
    row_remap_pending: 0,
    row_remap_failure: 0,
  });
});

testWith(NEEDS, 'ecc counts retired pages by cause', () => {
  using gpu = new Polled('driver470', ecc);
  expect(gpu.poll()).toMatchObject({
    'retired_pages_total{cause=single_bit}': 2,
    'retired_pages_total{cause=double_bit}': 1,
    retired_pages_pending: 1,
  });
});

testWith(NEEDS, 'ecc_detail reads blocks, SRAM and banks', () => {
  using gpu = new Polled('h200x8', eccDetail);
  expect(gpu.poll()).toEqual({
    'ecc_block_errors_total{block=dram,lifetime=volatile,error=corrected}': 7,
    'ecc_block_errors_total{block=dram,lifetime=volatile,error=uncorrected}': 0,
    'ecc_block_errors_total{block=dram,lifetime=aggregate,error=corrected}': 1001,
    'ecc_block_errors_total{block=dram,lifetime=aggregate,error=uncorrected}': 1,
    'ecc_block_errors_total{block=sram,lifetime=volatile,error=corrected}': 4,
    'ecc_block_errors_total{block=sram,lifetime=volatile,error=uncorrected}': 0,
    'ecc_block_errors_total{block=sram,lifetime=aggregate,error=corrected}': 12,
    'ecc_block_errors_total{block=sram,lifetime=aggregate,error=uncorrected}': 1,
    'ecc_sram_uncorrected_errors_total{lifetime=volatile,check=parity}': 34,
    'ecc_sram_uncorrected_errors_total{lifetime=volatile,check=secded}': 35,
    'ecc_sram_uncorrected_errors_total{lifetime=aggregate,check=parity}': 31,
    'ecc_sram_uncorrected_errors_total{lifetime=aggregate,check=secded}': 32,
    'ecc_sram_unit_errors_total{unit=l2}': 37,
    'ecc_sram_unit_errors_total{unit=sm}': 38,
    'ecc_sram_unit_errors_total{unit=pcie}': 39,
    'ecc_sram_unit_errors_total{unit=microcontroller}': 40,
    'ecc_sram_unit_errors_total{unit=other}': 41,
    'row_remap_banks{spare=max}': 2550,
    'row_remap_banks{spare=high}': 7,
    'row_remap_banks{spare=partial}': 2,
    'row_remap_banks{spare=low}': 1,
    'row_remap_banks{spare=none}': 0,
  });
});

for (const [scenario, what] of [
  ['sentinels', 'sentinels'],
  ['unwritten', 'what a driver left unwritten'],
  ['unsupported', 'what is not supported'],
  ['gb10', 'what a GB10 does not have'],
] as const) {
  testWith(NEEDS, `ecc and ecc_detail leave out ${what}`, () => {
    for (const group of [ecc, eccDetail]) {
      using gpu = new Polled(scenario, group);
      expect(gpu.poll()).toEqual({});
      expect(gpu.rc).toBe(0);
    }
  });
}

testWith(NEEDS, 'ecc finds what is switched on later, at the next discovery', () => {
  using gpu = new Polled('h200x8', ecc);
  gpu.fake.set('gpu 0', 'TotalEccErrors', 'NOT_SUPPORTED');
  const total = 'ecc_errors_total{lifetime=volatile,error=corrected}';
  expect(gpu.poll()).not.toContainKey(total);
  gpu.fake.unset('gpu 0', 'TotalEccErrors');
  gpu.discover();
  expect(gpu.poll()).toContainKey(total);
});

testWith(NEEDS, 'ecc says that the GPU is lost', () => {
  using gpu = new Polled('h200x8', ecc);
  gpu.poll();
  gpu.fake.set('gpu 0', '*', 'GPU_IS_LOST');
  expect(gpu.poll()).not.toContainKey('ecc_enabled');
  expect(gpu.rc).toBe(RETURN.gpuIsLost);
});
