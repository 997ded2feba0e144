import { signals } from '../signal.ts';

/** /proc/net/udp and /proc/net/udp6 */
export const UDP_QUEUES = signals('udp_queues', {
  queues: {
    type: 'gauge',
    help: 'Bytes that wait in the queues of all UDP sockets.',
    labels: ['queue', 'ip'],
    node: 'node_udp_queues',
  },
});
