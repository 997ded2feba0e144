import { afterAll, afterEach, describe, expect, spyOn } from 'bun:test';
import { GpmBatch, RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { gpm, gpmDetail } from './gpm.ts';
import { GpmSampler } from './gpm-sampler.ts';
import { NEEDS, Polled } from './reading.fixture.ts';

const clock = spyOn(performance, 'now');
// Other files run in this process after it.
afterAll(() => clock.mockRestore());
afterEach(() => {
  clock.mockReset();
});
afterAll(() => clock.mockRestore());
const at = (ms: number) => clock.mockReturnValue(ms);

const H200 = {
  graphics_active_ratio: 0.9225,
  sm_active_ratio: 0.825,
  sm_occupancy_ratio: 0.3575,
  tensor_active_ratio: 0.635,
  dram_active_ratio: 0.485,
};

describe('gpm', () => {
  testWith(NEEDS, 'needs two samples', () => {
    using gpu = new Polled('h200x8', gpm, { gpu: 1 });
    at(0);
    expect(gpu.poll()).toEqual({});
    at(1000);
    expect(gpu.poll()).toEqual(H200);
  });

  testWith(NEEDS, 'keeps what it has until a second has passed, and after a discovery', () => {
    using gpu = new Polled('h200x8', gpm, { gpu: 1 });
    at(0);
    gpu.poll();
    at(1000);
    gpu.poll();
    gpu.fake.set('gpu 1', 'Gpm.1', 50);
    at(1500);
    expect(gpu.poll()).toEqual(H200);
    gpu.discover();
    at(2000);
    expect(gpu.poll()).toEqual({ ...H200, graphics_active_ratio: 0.5 });
  });

  testWith(NEEDS, 'begins anew after a failure and after ten minutes', () => {
    using gpu = new Polled('h200x8', gpm, { gpu: 1 });
    at(0);
    gpu.poll();
    gpu.fake.set('gpu 1', 'GpmSampleGet', 'UNKNOWN');
    at(1000);
    expect(gpu.poll()).toEqual({});
    gpu.fake.unset('gpu 1', 'GpmSampleGet');
    at(2000);
    expect(gpu.poll()).toEqual({});
    at(3000);
    expect(gpu.poll()).toEqual(H200);
    at(604_000);
    expect(gpu.poll()).toEqual({});
    at(605_000);
    expect(gpu.poll()).toEqual(H200);
  });

  testWith(NEEDS, 'a share a little above all is all, one that cannot be is absent', () => {
    using gpu = new Polled('h200x8', gpm, {
      set: { 'Gpm.1': 100.5, 'Gpm.2': 150.5, 'Gpm.3': -1, 'Gpm.5': 'NOT_SUPPORTED' },
    });
    at(0);
    gpu.poll();
    at(1000);
    expect(gpu.poll()).toEqual({ graphics_active_ratio: 1, dram_active_ratio: 0.475 });
  });

  testWith(NEEDS, 'tells of each MIG GPU instance once, and not of its GPU', () => {
    using gpu = new Polled('h100-mig', gpm);
    const mig = (index: number, profile: string, gi: number) =>
      `sm_active_ratio{mig_device=${index},mig_profile=${profile},gpu_instance_id=${gi},compute_instance_id=0}`;
    at(0);
    gpu.poll();
    at(1000);
    const lines = gpu.poll();
    expect(Object.entries(lines).filter(([line]) => line.startsWith('sm_active'))).toEqual([
      [mig(0, '1c.3g.40gb', 1), 0.615],
      [mig(2, '2g.20gb', 5), 0.455],
      [mig(4, '1g.10gb', 9), 0.175],
    ]);
    expect(gpu.labels('gpu_sm_active_ratio').map(({ shared }) => shared)).toEqual([
      'no',
      'no',
      'no',
    ]);
  });

  testWith(NEEDS, 'is not where the GPU or the driver has none', () => {
    for (const scenario of ['gb10', 'rtx4090', 'driver470', 'unsupported', 'unwritten']) {
      using gpu = new Polled(scenario, gpm);
      expect([scenario, gpu.reading]).toEqual([scenario, undefined]);
    }
  });

  testWith(NEEDS, 'shows nothing of sentinels', () => {
    for (const group of [gpm, gpmDetail]) {
      using gpu = new Polled('sentinels', group);
      at(0);
      gpu.poll();
      at(1000);
      expect(gpu.poll()).toEqual({});
    }
  });

  testWith(NEEDS, 'says that the GPU is lost', () => {
    using gpu = new Polled('h200x8', gpm);
    at(0);
    gpu.poll();
    gpu.fake.set('gpu 0', '*', 'GPU_IS_LOST');
    at(1000);
    expect(gpu.poll()).toEqual({});
    expect(gpu.rc).toBe(RETURN.gpuIsLost);
  });
});

describe('gpm_detail', () => {
  testWith(NEEDS, 'has pipes and engines', () => {
    using gpu = new Polled('h200x8', gpmDetail);
    at(0);
    gpu.poll();
    at(1000);
    const lines = gpu.poll();
    expect(lines).toMatchObject({
      fp64_active_ratio: 0.035,
      fp32_active_ratio: 0.115,
      fp16_active_ratio: 0.075,
      integer_active_ratio: 0.055,
      tensor_dfma_active_ratio: 0.0125,
      tensor_hmma_active_ratio: 0.6025,
      tensor_imma_active_ratio: 0.025,
      'engine_active_ratio{engine=ofa0}': 0.305,
    });
    const engines = Object.keys(lines).filter((line) => line.startsWith('engine'));
    expect(engines).toHaveLength(7 + 7 + 1);
  });
});

describe('GpmSampler', () => {
  testWith(NEEDS, 'gives its samples back with its last user', () => {
    using gpu = new Polled('h200x8', gpm);
    const { nvml, handle } = gpu.gpu;
    // The fake has no more than this many samples at once.
    for (let i = 0; i < 2000; i++) {
      const sampler = new GpmSampler(nvml, (sample) => nvml.gpm.sample(handle, sample));
      sampler.retain().retain();
      at(1000 * i);
      expect(sampler.take()).toBe(0);
      at(1000 * i + 950);
      expect(sampler.take()).toBe(0);
      sampler.release();
      expect(sampler.metrics(new GpmBatch([1]))).toBe(0);
      sampler.release();
    }
  });
});
