import { signals } from '../signal.ts';

/** uname(2) */
export const UNAME = signals('uname', {
  info: {
    type: 'gauge',
    help: 'What uname says of this machine, with the value 1.',
    labels: ['sysname', 'release', 'version', 'machine', 'nodename', 'domainname'],
    node: 'node_uname_info',
  },
});
