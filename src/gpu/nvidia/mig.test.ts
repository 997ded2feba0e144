import { describe, expect, test } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { mig, migMemory } from './mig.ts';
import { profileName } from './mig-devices.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

const MIB = 2 ** 20;
const labels = (index: number, profile: string, gi: number, ci: number, uuid = '') =>
  `{mig_device=${index},mig_profile=${profile},gpu_instance_id=${gi},compute_instance_id=${ci}${uuid === '' ? '' : `,mig_uuid=${uuid}`}}`;

describe('mig', () => {
  testWith(NEEDS, 'lists the devices of a GPU that is in MIG mode', () => {
    using gpu = new Polled('h100-mig', mig);
    expect(gpu.poll()).toEqual({
      mig_enabled: 1,
      mig_enabled_pending: 1,
      mig_devices: 4,
      [`mig_info${labels(0, '1c.3g.40gb', 1, 0, 'MIG-5c0f7c1e-44d1-5a7b-9d86-1f0a3b6c2d41')}`]: 1,
      [`mig_info${labels(1, '2c.3g.40gb', 1, 1, 'MIG-6d108d2f-55e2-5b8c-ae97-20ab4c7d3e52')}`]: 1,
      [`mig_info${labels(2, '2g.20gb', 5, 0, 'MIG-7e219e30-66f3-5c9d-bfa8-31bc5d8e4f63')}`]: 1,
      [`mig_info${labels(4, '1g.10gb', 9, 0, 'MIG-8f32af41-7704-5dae-80b9-42cd6e9f5074')}`]: 1,
      [`mig_multiprocessors${labels(0, '1c.3g.40gb', 1, 0)}`]: 16,
      [`mig_multiprocessors${labels(1, '2c.3g.40gb', 1, 1)}`]: 32,
      [`mig_multiprocessors${labels(2, '2g.20gb', 5, 0)}`]: 31,
      [`mig_multiprocessors${labels(4, '1g.10gb', 9, 0)}`]: 15,
    });
  });

  testWith(NEEDS, 'tells the mode alone where it is off', () => {
    using gpu = new Polled('h100-mig', mig, { gpu: 1 });
    expect(gpu.poll()).toEqual({ mig_enabled: 0, mig_enabled_pending: 1 });
  });

  testWith(NEEDS, 'a device that is made or destroyed is seen at the next poll', () => {
    using gpu = new Polled('h100-mig', mig);
    gpu.poll();
    gpu.fake.remove('gpu 0 mig 4');
    const gone = gpu.poll();
    expect(gpu.rc).toBe(0);
    expect(gone).toMatchObject({ mig_devices: 3 });
    expect(Object.keys(gone).some((line) => line.includes('1g.10gb'))).toBe(false);
    gpu.fake.unset('gpu 0 mig 4', 'absent');
    expect(gpu.poll()).toMatchObject({
      mig_devices: 4,
      [`mig_multiprocessors${labels(4, '1g.10gb', 9, 0)}`]: 15,
    });
  });

  testWith(NEEDS, 'puts a profile together where the name lacks it', () => {
    using gpu = new Polled('h100-mig', mig);
    gpu.fake.set('gpu 0 mig 0', 'Name', 'NVIDIA H100 80GB HBM3');
    expect(gpu.poll()).toMatchObject({
      [`mig_multiprocessors${labels(0, '1c.3g.40gb', 1, 0)}`]: 16,
    });
  });

  testWith(NEEDS, 'devices that may not be looked into are left out', () => {
    using gpu = new Polled('h100-mig', mig, { set: { MigDeviceHandle: 'NO_PERMISSION' } });
    expect(gpu.poll()).toEqual({ mig_enabled: 1, mig_enabled_pending: 1, mig_devices: 0 });
    expect(gpu.rc).toBe(0);
  });

  for (const scenario of ['gb10', 'rtx4090', 'unsupported', 'sentinels', 'unwritten']) {
    testWith(NEEDS, `there is nothing of ${scenario}`, () => {
      using gpu = new Polled(scenario, mig);
      expect(gpu.poll()).toEqual({});
    });
  }
});

describe('memory of MIG', () => {
  testWith(NEEDS, 'is told once for each GPU instance', () => {
    using gpu = new Polled('h100-mig', migMemory);
    const used = Object.entries(gpu.poll()).filter(([line]) => line.startsWith('memory_used'));
    expect(used).toEqual([
      [`memory_used_bytes${labels(0, '1c.3g.40gb', 1, 0)}`, 30000 * MIB],
      [`memory_used_bytes${labels(2, '2g.20gb', 5, 0)}`, 15000 * MIB],
      [`memory_used_bytes${labels(4, '1g.10gb', 9, 0)}`, 5000 * MIB],
    ]);
    expect(gpu.poll()).toMatchObject({
      [`memory_total_bytes${labels(2, '2g.20gb', 5, 0)}`]: 20096 * MIB,
      [`memory_free_bytes${labels(2, '2g.20gb', 5, 0)}`]: 4966 * MIB,
      [`memory_reserved_bytes${labels(2, '2g.20gb', 5, 0)}`]: 130 * MIB,
    });
    expect(new Set(gpu.labels('gpu_memory_used_bytes').map(({ shared }) => shared))).toEqual(
      new Set(['no']),
    );
  });

  testWith(NEEDS, 'is absent where it may not be asked for', () => {
    using gpu = new Polled('h100-mig', migMemory);
    gpu.fake.set('gpu 0 mig 2', 'MemoryInfo', 'NO_PERMISSION');
    const lines = Object.keys(gpu.poll());
    expect(lines.some((line) => line.includes('2g.20gb'))).toBe(false);
    expect(lines.some((line) => line.includes('1g.10gb'))).toBe(true);
  });

  testWith(NEEDS, 'is not of a whole GPU', () => {
    using gpu = new Polled('h100-mig', migMemory, { gpu: 1 });
    expect(gpu.reading).toBeUndefined();
  });
});

describe('profileName()', () => {
  /** MiB of a GPU and of an instance, slices of its GPU and compute instance, name. */
  for (const [total, memory, g, c, name] of [
    [143_771, 16_384, 1, 1, '1g.18gb'],
    [143_771, 71_424, 3, 3, '3g.71gb'],
    [143_771, 143_770, 7, 7, '7g.141gb'],
    [81_559, 9_728, 1, 1, '1g.10gb'],
    [81_559, 40_192, 3, 1, '1c.3g.40gb'],
    [40_960, 4_864, 1, 1, '1g.5gb'],
    [40_960, 19_968, 4, 2, '2c.4g.20gb'],
  ] as const) {
    test(`is ${name} for ${memory} of ${total} MiB`, () => {
      const attributes = { memory, gpuInstanceSlices: g, computeInstanceSlices: c };
      expect(profileName(attributes, total * MIB)).toBe(name);
    });
  }
});
