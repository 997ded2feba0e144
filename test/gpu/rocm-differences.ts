import type { Release } from './rocm-machine.ts';

/**
 * What librocm_smi64 does not tell and the files do, by release and machine: the whole difference between the two
 * back ends. Of what both tell, nothing differs.
 */
export interface Difference {
  readonly release: Release;
  readonly machine: string;
  /** Quantities, of any card. */
  readonly silent: RegExp;
  readonly reason: string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    release: '5.2',
    machine: 'amd',
    silent: /^(throttled\..*|voltageSoc)$/,
    reason: 'its rsmi_gpu_metrics_t is the driver’s table 1.1, which ends before what 1.3 added',
  },
  ...['mi300x 1.4', 'mi300x 1.5', 'mi300x'].map((machine) => ({
    release: '6.1' as const,
    machine,
    silent: /^ras\..*\.deferred$/,
    reason: 'rsmi_error_count_t has no room for deferred errors',
  })),
  {
    release: '6.1',
    machine: 'mi300x',
    silent:
      /^(mediaBusy|jpegBusy|energy|vclk|residency.*|pcieL0ToRecovery|pcieReplayRollover|pcieNaks.*|xgmi.*)$/,
    reason: '6.1.2 does not know gpu_metrics 1.6 and later, and takes these from there',
  },
  {
    release: '6.4',
    machine: 'mi300x',
    silent: /^ras\..*\.deferred$/,
    reason: 'rsmi_error_count_t has no room for deferred errors',
  },
  {
    release: '6.4',
    machine: 'mi300x',
    silent: /^(xgmi\d\.up|residency\.gfx_.*)$/,
    reason:
      'they come among or after the numbers of partitions, whose size changes with every few releases',
  },
  ...(['6.1', '6.4'] as const).map((release) => ({
    release,
    machine: 'mi300x 1.9',
    silent:
      /^(mediaBusy|jpegBusy|hbm\d|energy|vclk|residency.*|ras\..*\.deferred|pcieL0ToRecovery|pcieReplayRollover|pcieNaks.*|xgmi.*)$/,
    reason: 'neither knows gpu_metrics 1.9, which describes itself',
  })),
];
