import { signals } from '../signal.ts';

/** What a person wants to know of a machine in one line. */
export const HOST = signals('host', {
  info: {
    type: 'gauge',
    help: 'This machine in one line, with the value 1. platform is dgx-spark, dgx or empty.',
    labels: ['hostname', 'kernel', 'os', 'arch', 'vendor', 'product', 'platform'],
    native: 'host_info',
  },
});
