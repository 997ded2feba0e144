import { type Row, signals } from '../signal.ts';

const gauge = (name: string, unit: string, help: string): Row => ({
  type: 'gauge',
  unit,
  help,
  node: `node_timex_${name}`,
});
const counter = (name: string, help: string): Row => ({
  type: 'counter',
  help,
  node: `node_timex_${name}`,
});

/** adjtimex(2) */
export const TIMEX = signals('timex', {
  syncStatus: gauge('sync_status', '', 'Whether the kernel holds its clock to be synchronised.'),
  offset: gauge(
    'offset_seconds',
    'seconds',
    'Offset from the reference that is still to be made up.',
  ),
  frequency: gauge(
    'frequency_adjustment_ratio',
    'ratio',
    'Rate at which the clock is made to run; 1 is uncorrected.',
  ),
  maxError: gauge('maxerror_seconds', 'seconds', 'Largest error that the clock can have.'),
  estimatedError: gauge(
    'estimated_error_seconds',
    'seconds',
    'Error that the clock is thought to have.',
  ),
  status: gauge('status', '', 'Status bits of the clock discipline (STA_ in sys/timex.h).'),
  constant: gauge('loop_time_constant', '', 'Time constant of the phase-locked loop.'),
  tick: gauge('tick_seconds', 'seconds', 'Time that the clock advances at each tick.'),
  ppsFrequency: gauge(
    'pps_frequency_hertz',
    'hertz',
    'Frequency offset seen by the pulse-per-second signal.',
  ),
  ppsJitter: gauge('pps_jitter_seconds', 'seconds', 'Jitter of the pulse-per-second signal.'),
  ppsShift: gauge(
    'pps_shift_seconds',
    'seconds',
    'Calibration interval of the pulse-per-second signal, as a power of two.',
  ),
  ppsStability: gauge(
    'pps_stability_hertz',
    'hertz',
    'Wander of the pulse-per-second frequency, averaged over its last changes.',
  ),
  ppsJitterExceeded: counter('pps_jitter_total', 'Pulses that exceeded the jitter limit.'),
  ppsCalibrations: counter(
    'pps_calibration_total',
    'Calibration intervals of the pulse-per-second signal.',
  ),
  ppsErrors: counter('pps_error_total', 'Calibration intervals that failed.'),
  ppsStabilityExceeded: counter(
    'pps_stability_exceeded_total',
    'Calibration intervals that exceeded the stability limit.',
  ),
  taiOffset: gauge(
    'tai_offset_seconds',
    'seconds',
    'How far International Atomic Time is ahead of UTC.',
  ),
});
