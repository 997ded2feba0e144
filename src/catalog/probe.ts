/** What edgegauge says about the processes that read devices for it. `source` is the kind of probe. */
import { type Row, signals } from './signal.ts';

const every = (name: string): Pick<Row, 'native' | 'node' | 'dcgm'> => ({
  native: name,
  node: name,
  dcgm: name,
});

export const PROBE = signals('self', {
  probeUp: {
    type: 'gauge',
    help: 'Whether the probe runs and its newest sample is not too old to be shown.',
    labels: ['source'],
    ...every('edgegauge_probe_up'),
  },
  probeSampleTimestamp: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time at which the probe took its newest sample.',
    labels: ['source'],
    ...every('edgegauge_probe_sample_timestamp_seconds'),
  },
  probeRestarts: {
    type: 'counter',
    help: 'How often the probe ended without being told to: deadline (it hung and was killed), exit, spawn (it could not be started) or the name of a signal.',
    labels: ['source', 'reason'],
    ...every('edgegauge_probe_restarts_total'),
  },
  probeStuck: {
    type: 'gauge',
    unit: 'seconds',
    help: 'For how long the kernel has kept a killed process of the probe alive, the longest where there are several; 0 without one.',
    labels: ['source'],
    ...every('edgegauge_probe_stuck_seconds'),
  },
  probeDevicesSkipped: {
    type: 'gauge',
    help: 'Devices that the probe leaves out for a while, because a read of theirs did not return.',
    labels: ['source'],
    ...every('edgegauge_probe_devices_skipped'),
  },
});
