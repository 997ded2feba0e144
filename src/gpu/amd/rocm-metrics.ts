/** What is read of the library's copy of gpu_metrics, for which it has no function of its own. */
import type { GpuMetrics } from '../../../ffi/rocm-smi.ts';
import { THROTTLE_BITS } from './chips.ts';
import * as policy from './policy.ts';
import {
  at,
  type Quantities,
  RESIDENCY_REASONS,
  THROTTLE_REASONS,
  XGMI_LINKS,
} from './quantities.ts';
import type { Read } from './rocm-ask.ts';

const metrics =
  (take: (all: GpuMetrics, out: Quantities) => void): Read =>
  (card, out) => {
    card.readMetrics();
    take(card.metrics, out);
  };

/** Mean of those that are there. */
function mean(all: GpuMetrics, name: 'vcn_activity' | 'jpeg_activity'): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < all.count(name); i++) {
    const value = all.item(name, i);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Media engines where the function for them does not know them: each is counted for itself. */
export const engines: Read = metrics((all, out) => {
  const media = at('mediaBusy');
  if (Number.isNaN(out[media])) {
    const average = all.u16('average_mm_activity');
    out[media] = policy.ratio(Number.isNaN(average) ? mean(all, 'vcn_activity') : average);
  }
  out[at('jpegBusy')] = policy.ratio(mean(all, 'jpeg_activity'));
});

export const voltages: Read = metrics((all, out) => {
  out[at('voltageSoc')] = policy.millivolts(policy.nonZero(all.u16('voltage_soc')));
  out[at('voltageMemory')] = policy.millivolts(policy.nonZero(all.u16('voltage_mem')));
});

const RESIDENCIES = {
  prochot: 'prochot_residency_acc',
  power_limit: 'ppt_residency_acc',
  socket_thermal: 'socket_thm_residency_acc',
  vr_thermal: 'vr_thm_residency_acc',
  hbm_thermal: 'hbm_thm_residency_acc',
} as const satisfies Record<(typeof RESIDENCY_REASONS)[number], string>;

export const clockEvents: Read = metrics((all, out) => {
  out[at('residencySamples')] = policy.count(all.u64('accumulation_counter'));
  for (const reason of RESIDENCY_REASONS) {
    out[at(`residency.${reason}`)] = policy.count(all.u64(RESIDENCIES[reason]));
  }
  for (const reason of THROTTLE_REASONS) {
    let throttled = Number.NaN;
    for (const bit of THROTTLE_BITS[reason]) {
      const set = all.bit('indep_throttle_status', bit);
      throttled = throttled === 1 ? 1 : set;
    }
    out[at(`throttled.${reason}`)] = throttled;
  }
});

export const pcieErrors: Read = metrics((all, out) => {
  out[at('pcieL0ToRecovery')] = policy.count(all.u64('pcie_l0_to_recov_count_acc'));
  out[at('pcieReplayRollover')] = policy.count(all.u64('pcie_replay_rover_count_acc'));
  out[at('pcieNaksSent')] = policy.count(all.u32('pcie_nak_sent_count_acc'));
  out[at('pcieNaksReceived')] = policy.count(all.u32('pcie_nak_rcvd_count_acc'));
});

/** Kilobytes. */
export const xgmi: Read = metrics((all, out) => {
  out[at('xgmiWidth')] = policy.lanes(all.u16('xgmi_link_width'));
  out[at('xgmiSpeed')] = policy.gigatransfers(all.u16('xgmi_link_speed'));
  for (const i of XGMI_LINKS) {
    out[at(`xgmi${i}.sent`)] = policy.count(all.item('xgmi_write_data_acc', i)) * 1024;
    out[at(`xgmi${i}.received`)] = policy.count(all.item('xgmi_read_data_acc', i)) * 1024;
  }
});

export const vclk: Read = metrics((all, out) => {
  const single = policy.megahertz(all.u16('current_vclk0'));
  out[at('vclk')] = Number.isNaN(single) ? policy.megahertz(all.item('current_vclk0s', 0)) : single;
});
