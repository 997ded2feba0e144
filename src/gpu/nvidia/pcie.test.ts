import { afterAll, afterEach, describe, expect, spyOn } from 'bun:test';
import { RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { pcie, pcieErrors } from './pcie.ts';
import { pcieThroughput, pcieThroughputBlocking } from './pcie-throughput.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

const clock = spyOn(performance, 'now');
// Other files run in this process after it.
afterAll(() => clock.mockRestore());
afterEach(() => {
  clock.mockReset();
});
afterAll(() => clock.mockRestore());
/** The clock's milliseconds from now on. */
const at = (ms: number) => clock.mockReturnValue(ms);

const WRAP = 2 ** 32;
const MIB = 2 ** 20;

describe('pcie', () => {
  testWith(NEEDS, 'reads the link and its replays', () => {
    using gpu = new Polled('rtx4090', pcie);
    expect(gpu.poll()).toEqual({
      pcie_link_generation: 3,
      pcie_link_generation_max: 4,
      pcie_link_width: 8,
      pcie_link_width_max: 16,
      pcie_replays_total: 11,
    });
  });

  testWith(NEEDS, 'reads errors by kind', () => {
    using gpu = new Polled('h200x8', pcieErrors);
    expect(gpu.poll()).toEqual({
      'pcie_errors_total{error=replay_rollover}': 0,
      'pcie_errors_total{error=l0_to_recovery}': 6,
      'pcie_errors_total{error=correctable}': 51,
      'pcie_errors_total{error=naks_received}': 52,
      'pcie_errors_total{error=receiver}': 53,
      'pcie_errors_total{error=bad_tlp}': 54,
      'pcie_errors_total{error=naks_sent}': 55,
      'pcie_errors_total{error=bad_dllp}': 56,
      'pcie_errors_total{error=non_fatal}': 57,
      'pcie_errors_total{error=fatal}': 0,
      'pcie_errors_total{error=unsupported_request}': 58,
      'pcie_errors_total{error=lcrc}': 59,
      'pcie_errors_total{error=lane}': 60,
    });
  });

  testWith(NEEDS, 'a GPU that has no link of its own has none of it', () => {
    for (const group of [pcie, pcieErrors, pcieThroughput, pcieThroughputBlocking]) {
      using gpu = new Polled('gb10', group);
      expect(gpu.reading).toBeUndefined();
    }
  });

  for (const scenario of ['sentinels', 'unsupported', 'unwritten']) {
    testWith(NEEDS, `nothing of ${scenario} is shown`, () => {
      for (const group of [pcie, pcieErrors, pcieThroughput, pcieThroughputBlocking]) {
        using gpu = new Polled(scenario, group);
        at(0);
        gpu.poll();
        at(1000);
        expect([group.name, gpu.poll()]).toEqual([group.name, {}]);
        expect(gpu.rc).toBe(0);
      }
    });
  }
});

describe('pcie_throughput', () => {
  testWith(NEEDS, 'GPM measures, and tells how often the counters wrapped', () => {
    using gpu = counting({ 'Gpm.20': (20 * WRAP + 900) / MIB, 'Gpm.21': 4000 / MIB });
    at(0);
    expect(gpu.poll()).toEqual({
      pcie_transmit_bytes_total: WRAP - 100,
      pcie_receive_bytes_total: 5000,
    });
    gpu.fake.setAll('gpu 0', { 'FieldValue.197': 'u32 900', 'FieldValue.198': 'u32 9000' });
    at(1000);
    expect(gpu.poll()).toEqual({
      pcie_transmit_bytes_total: 21 * WRAP + 900,
      pcie_receive_bytes_total: 9000,
      pcie_tx_bytes: 20 * WRAP + 900,
      pcie_rx_bytes: 4000,
    });
    // Too soon for another pair of samples: nothing is counted twice.
    at(1300);
    expect(gpu.poll()).toMatchObject({ pcie_transmit_bytes_total: 21 * WRAP + 900 });
  });

  testWith(NEEDS, 'totals that GPM contradicts are left out, its rates are not', () => {
    using gpu = counting({ 'Gpm.20': (0.4 * WRAP) / MIB, 'Gpm.21': 0 });
    for (let second = 0; second < 5; second++) {
      at(1000 * second);
      gpu.poll();
    }
    expect(Object.keys(gpu.poll())).toEqual([
      'pcie_tx_bytes',
      'pcie_rx_bytes',
      'pcie_receive_bytes_total',
    ]);
  });

  testWith(NEEDS, 'counters that may have 32 bits make rates in 20 ms, and no totals', () => {
    const narrow = { GpmQueryDeviceSupport: 0 };
    using none = new Polled('h200x8', pcieThroughput, { set: narrow });
    expect(none.reading).toBeUndefined();
    using gpu = new Polled('rtx4090', pcieThroughputBlocking, {
      set: {
        'FieldValue.197': 'u64 0 +3000000000/s',
        'FieldValue.198': 'u32 4294960000 +1000000000/s',
      },
    });
    // Its time runs, and so does ours.
    gpu.fake.unset('system', 'elapsed');
    clock.mockImplementation(() => Bun.nanoseconds() / 1e6);
    const { pcie_tx_bytes: tx = 0, pcie_rx_bytes: rx = 0, ...rest } = gpu.poll();
    expect(rest).toEqual({});
    expect(tx / 3e9).toBeCloseTo(1, 0);
    expect(rx / 1e9).toBeCloseTo(1, 0);
  });

  testWith(NEEDS, 'counters of 64 bits make rates over a poll, and totals', () => {
    using gpu = counting({
      GpmQueryDeviceSupport: 0,
      'FieldValue.197': 5 * WRAP,
      'FieldValue.198': 7,
    });
    at(0);
    expect(gpu.poll()).toEqual({
      pcie_transmit_bytes_total: 5 * WRAP,
      pcie_receive_bytes_total: 7,
    });
    gpu.fake.setAll('gpu 0', { 'FieldValue.197': 15 * WRAP, 'FieldValue.198': 4007 });
    at(2000);
    expect(gpu.poll()).toEqual({
      pcie_transmit_bytes_total: 15 * WRAP,
      pcie_receive_bytes_total: 4007,
      pcie_tx_bytes: 5 * WRAP,
      pcie_rx_bytes: 2000,
    });
    using blocking = new Polled('h200x8', pcieThroughputBlocking, {
      set: { GpmQueryDeviceSupport: 0, 'FieldValue.197': 5 * WRAP },
    });
    expect(blocking.reading).toBeUndefined();
  });

  testWith(NEEDS, 'a poll that fails leaves the values out', () => {
    using gpu = counting({ GpmQueryDeviceSupport: 0, 'FieldValue.197': 5 * WRAP });
    at(0);
    gpu.poll();
    gpu.fake.set('gpu 0', 'FieldValues', 'UNKNOWN');
    at(1000);
    expect(gpu.poll()).toEqual({});
    expect(gpu.rc).toBe(0);
    gpu.fake.set('gpu 0', 'FieldValues', 'GPU_IS_LOST');
    gpu.poll();
    expect(gpu.rc).toBe(RETURN.gpuIsLost);
  });

  testWith(NEEDS, 'without counters GPM measures', () => {
    using gpu = new Polled('h100-mig', pcieThroughput, { gpu: 1 });
    at(0);
    expect(gpu.poll()).toEqual({});
    at(1000);
    expect(gpu.poll()).toEqual({ pcie_tx_bytes: 1024.5 * MIB, pcie_rx_bytes: 2048.25 * MIB });
    using blocking = new Polled('h100-mig', pcieThroughputBlocking, { gpu: 1 });
    expect(blocking.reading).toBeUndefined();
  });

  testWith(NEEDS, 'without either, the call that blocks does, now and then', () => {
    using none = new Polled('driver470', pcieThroughput);
    expect(none.reading).toBeUndefined();
    using gpu = new Polled('driver470', pcieThroughputBlocking);
    expect(pcieThroughputBlocking.every).toBe(10);
    expect(gpu.poll()).toEqual({ pcie_tx_bytes: 5300 * 1000, pcie_rx_bytes: 8700 * 1000 });
    using counted = new Polled('h200x8', pcieThroughputBlocking);
    expect(counted.reading).toBeUndefined();
  });
});

/** A H200 whose counters stand shortly before and after they wrap. */
function counting(values: Readonly<Record<string, string | number>>): Polled {
  return new Polled('h200x8', pcieThroughput, {
    set: {
      'FieldValue.197': `u32 ${WRAP - 100}`,
      'FieldValue.198': 'u32 5000',
      ...values,
    },
  });
}
