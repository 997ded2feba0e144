import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import { GPU_CLOCK, GPU_CLOCK_LIMIT } from '../catalog/gpu/clocks.ts';
import { GPU_ECC } from '../catalog/gpu/ecc.ts';
import { GPU_CLOCK_EVENTS } from '../catalog/gpu/events.ts';
import { GPU_HEALTH } from '../catalog/gpu/health.ts';
import { GPU_INFO } from '../catalog/gpu/info.ts';
import { GPU_POWER } from '../catalog/gpu/power.ts';
import { GPU_UTILIZATION } from '../catalog/gpu/utilization.ts';
import type { Signal } from '../catalog/signal.ts';
import { gpuAdvice, gpuFindings, gpusFound } from './gpu-advice.ts';

const report = (
  error: string,
  name = 'nvidia',
  collectors: readonly string[] = ['gpu'],
): SourceReport => ({
  name,
  collectors,
  status: 'absent',
  error,
  durationSeconds: 0,
  lastSuccess: undefined,
});

describe('gpuAdvice()', () => {
  test.each([
    ['neither libnvidia-ml.so.1 nor /proc/driver/nvidia is there', 'Install the driver'],
    ['neither /opt/x.so nor /proc/driver/nvidia is there', '--gpu.nvidia-library names'],
    ['the NVML library cannot be loaded: x: no such file', '--gpu.nvidia-library names it'],
    ['NVML says: the NVIDIA driver is not loaded', 'modprobe nvidia'],
    ['the NVML library and the loaded driver differ in version', 'or reboot'],
    ['no GPU may be opened: no permission', '/dev/nvidia*'],
    ['NVML cannot be initialised: no permission', '/dev/nvidia*'],
    ['the driver has no GPU', 'lspci -d 10de:'],
    ['the probe hung at GPU-0', 'NVRM and Xid'],
    ['the probe was ended by SIGSEGV', 'Xid'],
  ])('of "%s" says "%s"', (error, said) => {
    expect(gpuAdvice(report(error))).toContain(said);
  });

  test.each([
    ['amdgpu drives no GPU', 'lspci -d 1002:'],
    ['librocm_smi64 cannot be loaded: x: no such file', '--gpu.rocm-smi-library names'],
    ['librocm_smi64 hung or crashed a former probe and is left alone', '--gpu.amd-backend'],
    ['the probe hung at 0000:05:00.0', 'the kernel log for amdgpu'],
    ['the probe was ended by SIGABRT', '--gpu.amd-backend=sysfs'],
  ])('of "%s" at AMD says "%s", and nothing of another vendor', (error, said) => {
    const advice = gpuAdvice(report(error, 'amd'));
    expect(advice).toContain(said);
    expect(advice).not.toMatch(/NVRM|Xid|nvidia/i);
  });

  test('has nothing to say of other reasons, and of other sources', () => {
    expect(gpuAdvice(report('it broke'))).toBeUndefined();
    expect(gpuAdvice(report('the driver has no GPU', 'nvidia', ['hwmon']))).toBeUndefined();
  });
});

test('gpusFound() has a line for each GPU that is read, with what is known of it', () => {
  const layout = new Layout(new Board());
  const draft = layout.draft('nvidia');
  const facts = { device: '0', uuid: 'GPU-0', name: 'NVIDIA H200' };
  const info = { ...facts, pci_bus_id: '00000000:1B:00.0', driver: '570.1' };
  const { values } = layout.board;
  values[draft.slot(GPU_INFO.info, info)] = 1;
  values[draft.slot(GPU_POWER.power, facts)] = 100;
  values[draft.slot(GPU_POWER.usage, facts)] = Number.NaN;
  values[draft.slot(GPU_INFO.info, { device: '1', uuid: '1' })] = 1;
  // Lost, or never heard of.
  values[draft.slot(GPU_INFO.info, { device: '2', uuid: '2' })] = Number.NaN;
  values[draft.slot(GPU_INFO.lost, { device: '3' })] = 1;
  draft.commit();
  expect(gpusFound(layout)).toEqual([
    'GPU 0 (GPU-0): NVIDIA H200, at 00000000:1B:00.0, driver 570.1, 2 series',
    'GPU 1 (1): 1 series',
  ]);
});

type Told = readonly (readonly [Signal, number, Readonly<Record<string, string>>?])[];

function findings(name: string, told: Told): string[] {
  const layout = new Layout(new Board());
  const draft = layout.draft('nvidia');
  for (const [signal, value, labels] of told) {
    const slot = draft.slot(signal, { device: '0', uuid: 'GPU-0', name, ...labels });
    layout.board.values[slot] = value;
  }
  draft.commit();
  return gpuFindings(layout);
}

describe('gpuFindings()', () => {
  test('finds nothing wrong with a GPU that is well', () => {
    const told: Told = [
      [GPU_INFO.lost, 0],
      [GPU_HEALTH.recoveryAction, 0],
      [GPU_ECC.remapFailure, 0],
      [GPU_UTILIZATION.utilization, 96],
      [GPU_CLOCK.frequency, 2405],
      [GPU_POWER.power, 60],
    ];
    expect(findings('NVIDIA GB10', told)).toEqual([]);
  });

  test.each([
    [[[GPU_INFO.lost, 1]], 'GPU 0 (GPU-0) no longer answers'],
    [[[GPU_HEALTH.recoveryAction, 1]], 'GPU 0 (GPU-0) wants to be reset'],
    [[[GPU_HEALTH.recoveryAction, 9]], 'wants to be recovered (action 9)'],
    [[[GPU_ECC.remapFailure, 1]], 'could not replace a bad row'],
    [[[GPU_ECC.badPages, 2, { state: 'unreservable' }]], 'has bad memory in use'],
    [[[GPU_ECC.sramThresholdExceeded, 1]], 'too many uncorrected errors in SRAM'],
  ] as const)('finds %#', (told, said) => {
    const found = findings('NVIDIA H200', told);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
  });

  const STUCK: Told = [
    [GPU_UTILIZATION.utilization, 96],
    [GPU_CLOCK.frequency, 721],
    [GPU_POWER.power, 18],
  ];

  test('finds a GB10 that is short of power at this moment, and says when it has been so', () => {
    const [once] = findings('NVIDIA GB10', STUCK);
    expect(once).toContain('96 % busy at 721 MHz and 18 W with no reason given. If that lasts');
    const [lasting] = findings('NVIDIA GB10', [...STUCK, [GPU_HEALTH.powerStarved, 1]]);
    expect(lasting).toContain('It has been so for minutes');
  });

  test('does not find it of another GPU, nor where the driver gives a reason', () => {
    expect(findings('NVIDIA H200', STUCK)).toEqual([]);
    const held: Told = [...STUCK, [GPU_CLOCK_EVENTS.active, 1, { reason: 'sw_thermal_slowdown' }]];
    expect(findings('NVIDIA GB10', held)).toEqual([]);
  });

  test('does not find it where somebody asked for such a clock', () => {
    const asked = (megahertz: number): Told => [
      ...STUCK,
      [GPU_CLOCK_LIMIT.graphicsApplication, megahertz * 1e6],
    ];
    expect(findings('NVIDIA GB10', asked(900))).toEqual([]);
    expect(findings('NVIDIA GB10', asked(2418))).toHaveLength(1);
  });
});
