import { signals } from '../signal.ts';

/** /proc/stat, per CPU. */
export const CPU = signals('cpu', {
  seconds: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time this CPU has spent in each mode.',
    labels: ['cpu', 'mode'],
    node: 'node_cpu_seconds_total',
  },
  guestSeconds: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time this CPU has spent running virtual machines; also counted in the mode of the same name.',
    labels: ['cpu', 'mode'],
    node: 'node_cpu_guest_seconds_total',
  },
  usage: {
    type: 'gauge',
    unit: 'percent',
    help: 'Share of the time of all CPUs that was not idle and not waiting for IO, over the last interval of a few seconds.',
    native: 'cpu_usage_percent',
  },
});
