/** What only gpu_metrics tells; the library's copy of it is read in rocm-metrics.ts. */
import { THROTTLE_BITS } from './chips.ts';
import * as policy from './policy.ts';
import { at, GFX_REASONS, RESIDENCY_REASONS, THROTTLE_REASONS, XGMI_LINKS } from './quantities.ts';
import type { Read, SysfsCard } from './sysfs-card.ts';

export const clockEvents: Read = ({ metrics }, out) => {
  out[at('residencySamples')] = policy.count(metrics.get('samples'));
  for (const reason of RESIDENCY_REASONS) {
    out[at(`residency.${reason}`)] = policy.count(metrics.get(`residency.${reason}`));
  }
  for (const reason of GFX_REASONS) {
    out[at(`residency.${reason}`)] = policy.count(metrics.mean(`residency.${reason}`));
  }
  for (const reason of THROTTLE_REASONS) {
    out[at(`throttled.${reason}`)] = metrics.throttled(THROTTLE_BITS[reason]);
  }
};

export const pcieErrors: Read = ({ metrics }, out) => {
  out[at('pcieL0ToRecovery')] = policy.count(metrics.get('l0ToRecovery'));
  out[at('pcieReplayRollover')] = policy.count(metrics.get('replayRollover'));
  out[at('pcieNaksSent')] = policy.count(metrics.get('naksSent'));
  out[at('pcieNaksReceived')] = policy.count(metrics.get('naksReceived'));
};

/** gpu_metrics counts kilobytes; a link that is not there has a counter that stays 0, or all ones. */
export const xgmi: Read = ({ metrics }, out) => {
  out[at('xgmiWidth')] = policy.lanes(metrics.get('xgmiWidth'));
  out[at('xgmiSpeed')] = policy.gigatransfers(metrics.get('xgmiSpeed'));
  for (const i of XGMI_LINKS) {
    out[at(`xgmi${i}.up`)] = policy.flag(metrics.get('xgmiUp', i));
    out[at(`xgmi${i}.sent`)] = policy.count(metrics.get('xgmiWritten', i)) * 1024;
    out[at(`xgmi${i}.received`)] = policy.count(metrics.get('xgmiRead', i)) * 1024;
  }
};

export const mediaBusy = ({ metrics }: SysfsCard): number =>
  policy.first(metrics.get('mediaBusy'), metrics.mean('vcnBusy'));
export const jpegBusy = ({ metrics }: SysfsCard): number => metrics.mean('jpegBusy');
