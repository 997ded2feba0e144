import { signals } from '../signal.ts';

/** /proc/loadavg */
export const LOADAVG = signals('loadavg', {
  load1: {
    type: 'gauge',
    help: 'Load average over one minute.',
    native: 'host_load1',
    node: 'node_load1',
  },
  load5: {
    type: 'gauge',
    help: 'Load average over five minutes.',
    native: 'host_load5',
    node: 'node_load5',
  },
  load15: {
    type: 'gauge',
    help: 'Load average over fifteen minutes.',
    native: 'host_load15',
    node: 'node_load15',
  },
});
