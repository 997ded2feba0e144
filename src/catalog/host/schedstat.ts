import { signals } from '../signal.ts';

/** /proc/schedstat */
export const SCHEDSTAT = signals('schedstat', {
  running: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time this CPU has spent running tasks.',
    labels: ['cpu'],
    node: 'node_schedstat_running_seconds_total',
  },
  waiting: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time that runnable tasks have waited for this CPU, summed over the tasks.',
    labels: ['cpu'],
    node: 'node_schedstat_waiting_seconds_total',
  },
  timeslices: {
    type: 'counter',
    help: 'Timeslices that have been run on this CPU.',
    labels: ['cpu'],
    node: 'node_schedstat_timeslices_total',
  },
});
