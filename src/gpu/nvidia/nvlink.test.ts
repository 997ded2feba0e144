import { afterAll, afterEach, describe, expect, spyOn, test } from 'bun:test';
import { RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { nvlink, nvlinkTraffic } from './nvlink.ts';
import { bitErrorRatio, nvlinkFec, nvlinkInfo, nvlinkLinks } from './nvlink-links.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

const clock = spyOn(performance, 'now');
// Other files run in this process after it.
afterAll(() => clock.mockRestore());
afterEach(() => {
  clock.mockReset();
});
afterAll(() => clock.mockRestore());
const at = (ms: number) => clock.mockReturnValue(ms);

const ALL = [nvlink, nvlinkTraffic, nvlinkLinks, nvlinkInfo, nvlinkFec];

/** What a B200 says in place of what a H200 does, on its first two links; the others are not connected. */
const NVLINK5 = {
  'FieldValue.91': 'u32 3',
  'FieldValue.138.all': 'NOT_SUPPORTED',
  'FieldValue.139.all': 'NOT_SUPPORTED',
  'FieldValue.138.0-17': 'NOT_SUPPORTED',
  'FieldValue.139.0-17': 'NOT_SUPPORTED',
  'FieldValue.201.0-1': 'u64 1000 +1*n',
  'FieldValue.202.0-1': 'u64 5000000000000 +1*n',
  'FieldValue.203.0-1': 'u64 2000 +1*n',
  'FieldValue.204.0-1': 'u64 6000000000000 +1*n',
  'FieldValue.206.0-1': 'u64 60 +1*n',
  'FieldValue.215.0-1': 'u64 150 +1*n',
  // 5 × 10^-14 and 15 × 10^-255.
  'FieldValue.220.0-1': `u64 ${0x50e}`,
  'FieldValue.222.0-1': `u64 ${0xfff}`,
  'FieldValue.235.0-1': 'u64 1000000 +1*n',
  'FieldValue.250.0-1': 'u64 3',
  'NvLinkState.2': 0,
} as const;

describe('nvlink', () => {
  testWith(NEEDS, 'reads links, errors and fabric of a GPU', () => {
    using gpu = new Polled('h200x8', nvlink);
    gpu.fake.set('gpu 0', 'NvLinkState.17', 0);
    expect(gpu.poll()).toEqual({
      nvlink_links_active: 17,
      'nvlink_errors_total{error=crc_flit}': 5553,
      'nvlink_errors_total{error=crc_data}': 7353,
      'nvlink_errors_total{error=replay}': 1953,
      'nvlink_errors_total{error=recovery}': 3753,
      fabric_state: 3,
      fabric_status: 0,
      fabric_bandwidth_degraded: 0,
    });
  });

  testWith(NEEDS, 'the fabric: no status before it is done, degraded where it says so', () => {
    using gpu = new Polled('h200x8', nvlink, {
      set: { 'GpuFabricInfo.state': 2, 'GpuFabricInfo.healthMask': 1 },
    });
    const lines = gpu.poll();
    expect(lines).toMatchObject({ fabric_state: 2, fabric_bandwidth_degraded: 1 });
    expect(lines).not.toContainKey('fabric_status');
    gpu.fake.set('gpu 0', 'GpuFabricInfo.healthMask', 0);
    expect(gpu.poll()).not.toContainKey('fabric_bandwidth_degraded');
  });

  testWith(NEEDS, 'a GPU without fabric says nothing of it', () => {
    using gpu = new Polled('h200x8', nvlink, { set: { 'GpuFabricInfo.state': 0 } });
    expect(Object.keys(gpu.poll()).filter((line) => line.startsWith('fabric'))).toEqual([]);
  });

  testWith(NEEDS, 'links are counted by their answers where the driver does not count them', () => {
    using gpu = new Polled('h200x8', nvlink, { set: { 'FieldValue.91': 'NOT_SUPPORTED' } });
    expect(gpu.poll()).toMatchObject({ nvlink_links_active: 18 });
  });

  testWith(NEEDS, 'C2C links are counted where there are some', () => {
    using gpu = new Polled('gb10', nvlink, {
      set: { 'FieldValue.170': 'u32 2', 'FieldValue.171.0': 'u32 1', 'FieldValue.171.1': 'u32 0' },
    });
    expect(gpu.poll()).toEqual({ c2c_links_active: 1 });
  });

  testWith(NEEDS, 'traffic is in bytes, with rates over the last poll', () => {
    using gpu = new Polled('h200x8', nvlinkTraffic);
    at(0);
    expect(gpu.poll()).toEqual({
      nvlink_transmit_bytes_total: 180_153_000_000 * 1024,
      nvlink_receive_bytes_total: 360_153_000_000 * 1024,
    });
    gpu.fake.set('gpu 0', 'FieldValue.138.all', 180_153_000_000 + 4000);
    at(2000);
    expect(gpu.poll()).toEqual({
      nvlink_transmit_bytes_total: 180_153_004_000 * 1024,
      nvlink_receive_bytes_total: 360_153_000_000 * 1024,
      DCGM_FI_PROF_NVLINK_TX_BYTES: 2000 * 1024,
      DCGM_FI_PROF_NVLINK_RX_BYTES: 0,
      DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL: 2000 * 1024,
    });
  });

  testWith(NEEDS, 'traffic of NVLink 5 is the sum of the links that answer', () => {
    using gpu = new Polled('h200x8', nvlinkTraffic, { set: NVLINK5 });
    at(0);
    expect(gpu.poll()).toEqual({
      nvlink_transmit_bytes_total: 10_000_000_000_001,
      nvlink_receive_bytes_total: 12_000_000_000_001,
    });
    gpu.fake.set('gpu 0', 'FieldValue.202.1', 'UNKNOWN');
    at(1000);
    // Part of the sum would be a counter that went back.
    expect(gpu.poll()).toEqual({
      nvlink_receive_bytes_total: 12_000_000_000_001,
      DCGM_FI_PROF_NVLINK_RX_BYTES: 0,
    });
  });

  for (const scenario of [
    'gb10',
    'rtx4090',
    'driver470',
    'unsupported',
    'sentinels',
    'unwritten',
  ]) {
    testWith(NEEDS, `there is nothing of ${scenario}`, () => {
      for (const group of ALL) {
        using gpu = new Polled(scenario, group);
        gpu.poll();
        expect([group.name, gpu.poll()]).toEqual([group.name, {}]);
        expect(gpu.rc).toBe(0);
      }
    });
  }

  testWith(NEEDS, 'says that the GPU is lost', () => {
    for (const group of ALL) {
      if (group === nvlinkInfo) continue;
      using gpu = new Polled('h200x8', group, { set: NVLINK5 });
      gpu.poll();
      gpu.fake.set('gpu 0', '*', 'GPU_IS_LOST');
      gpu.poll();
      expect([group.name, gpu.rc]).toEqual([group.name, RETURN.gpuIsLost]);
    }
  });
});

describe('nvlink_links', () => {
  testWith(NEEDS, 'reads every link', () => {
    using gpu = new Polled('h200x8', nvlinkLinks);
    const lines = gpu.poll();
    expect(Object.keys(lines)).toHaveLength(18 * 8);
    expect(Object.entries(lines).filter(([line]) => line.includes('link=3'))).toEqual([
      ['nvlink_link_up{link=3}', 1],
      ['nvlink_link_speed_bytes_per_second{link=3}', 26_562_000_000],
      ['nvlink_link_transmit_bytes_total{link=3}', 10_003_000_000 * 1024],
      ['nvlink_link_receive_bytes_total{link=3}', 20_003_000_000 * 1024],
      ['nvlink_link_errors_total{link=3,error=replay}', 103],
      ['nvlink_link_errors_total{link=3,error=recovery}', 203],
      ['nvlink_link_errors_total{link=3,error=crc_flit}', 303],
      ['nvlink_link_errors_total{link=3,error=crc_data}', 403],
    ]);
  });

  testWith(
    NEEDS,
    'reads speeds of drivers that have an id for each link, and none of a link that is down',
    () => {
      using gpu = new Polled('h200x8', nvlinkLinks, {
        set: {
          'FieldValue.164.0-17': 'NOT_SUPPORTED',
          'FieldValue.89': 'u32 25781',
          'FieldValue.132': 'u32 25782',
          'FieldValue.137': 'u32 0',
        },
      });
      const speeds = Object.entries(gpu.poll()).filter(([line]) => line.includes('_speed_'));
      expect(speeds).toEqual([
        ['nvlink_link_speed_bytes_per_second{link=5}', 25_781_000_000],
        ['nvlink_link_speed_bytes_per_second{link=6}', 25_782_000_000],
      ]);
    },
  );

  testWith(NEEDS, 'reads what NVLink 5 counts', () => {
    using gpu = new Polled('h200x8', nvlinkLinks, { set: NVLINK5 });
    const lines = gpu.poll();
    expect(lines).toMatchObject({
      'nvlink_link_transmit_bytes_total{link=1}': 5_000_000_000_001,
      'nvlink_link_receive_bytes_total{link=1}': 6_000_000_000_001,
      'nvlink_link_transmit_packets_total{link=1}': 1001,
      'nvlink_link_receive_packets_total{link=1}': 2001,
      'nvlink_link_errors_total{link=1,error=malformed}': 61,
      'nvlink_link_errors_total{link=1,error=recovery_events}': 151,
      'nvlink_link_up{link=2}': 0,
    });
    expect(lines['nvlink_link_bit_error_ratio{link=1,kind=effective}']).toBeCloseTo(5e-14, 25);
    expect(lines).not.toContainKey('nvlink_link_transmit_bytes_total{link=2}');
  });

  testWith(NEEDS, 'reads C2C links', () => {
    using gpu = new Polled('gb10', nvlinkLinks, {
      set: {
        'FieldValue.170': 'u32 1',
        'FieldValue.171.0': 'u32 1',
        'FieldValue.172.0': 'u32 44712',
        'FieldValue.232.0': 'u32 7',
      },
    });
    expect(gpu.poll()).toEqual({
      'c2c_link_up{link=0}': 1,
      'c2c_link_speed_bytes_per_second{link=0}': 44_712_000_000,
      'c2c_link_errors_total{link=0,error=replay}': 7,
    });
  });

  testWith(NEEDS, 'says what a link leads to, and finds out anew at each discovery', () => {
    using gpu = new Polled('h200x8', nvlinkInfo, {
      set: { 'FieldValue.91': 'u32 2', 'NvLinkVersion.1': 'NOT_SUPPORTED' },
    });
    gpu.fake.setAll('gpu 0', {
      'NvLinkRemotePciInfo.1.busId': 'NOT_SUPPORTED',
      'NvLinkRemotePciInfo.1.pciDeviceId': 'NOT_SUPPORTED',
    });
    const first =
      'nvlink_link_info{link=0,version=4.0,remote=switch,remote_pci_bus_id=00000000:05:00.0,remote_link=20}';
    expect(gpu.poll()).toEqual({
      [first]: 1,
      'nvlink_link_info{link=1,remote=switch,remote_link=21}': 1,
    });
    gpu.fake.unset('gpu 0', 'NvLinkRemotePciInfo.1.busId');
    gpu.fake.unset('gpu 0', 'NvLinkRemotePciInfo.1.pciDeviceId');
    gpu.discover();
    expect(Object.keys(gpu.poll())[1]).toContain('remote_pci_bus_id=00000000:05:00.0');
  });
});

testWith(NEEDS, 'nvlink_fec reads blocks by errors', () => {
  using gpu = new Polled('h200x8', nvlinkFec, { set: NVLINK5 });
  expect(gpu.poll()).toEqual({
    'nvlink_link_fec_blocks_total{link=0,errors=0}': 1_000_000,
    'nvlink_link_fec_blocks_total{link=0,errors=15}': 3,
    'nvlink_link_fec_blocks_total{link=1,errors=0}': 1_000_001,
    'nvlink_link_fec_blocks_total{link=1,errors=15}': 3,
  });
});

test('bitErrorRatio() decodes mantissa and exponent', () => {
  expect(bitErrorRatio(0)).toBe(0);
  expect(bitErrorRatio(0x100)).toBe(1);
  expect(bitErrorRatio(0xf0c)).toBeCloseTo(1.5e-11, 24);
  expect(bitErrorRatio(0xfff)).toBeGreaterThan(0);
  expect([bitErrorRatio(-1), bitErrorRatio(2 ** 64), bitErrorRatio(Number.NaN)]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});
