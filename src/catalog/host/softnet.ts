import { signals } from '../signal.ts';

const labels = ['cpu'];

/** /proc/net/softnet_stat */
export const SOFTNET = signals('softnet', {
  processed: {
    type: 'counter',
    help: 'Packets that this CPU has taken from its receive queue.',
    labels,
    node: 'node_softnet_processed_total',
  },
  dropped: {
    type: 'counter',
    help: 'Packets dropped because the receive queue of this CPU was full.',
    labels,
    node: 'node_softnet_dropped_total',
  },
  squeezed: {
    type: 'counter',
    help: 'Times this CPU stopped receiving with work left, its budget or time being used up.',
    labels,
    node: 'node_softnet_times_squeezed_total',
  },
  collisions: {
    type: 'counter',
    help: 'Times this CPU found the lock of a device taken when it wanted to send.',
    labels,
    node: 'node_softnet_cpu_collision_total',
  },
  receivedRps: {
    type: 'counter',
    help: 'Times another CPU has woken this one to process packets (receive packet steering).',
    labels,
    node: 'node_softnet_received_rps_total',
  },
  flowLimit: {
    type: 'counter',
    help: 'Packets of large flows dropped by the flow limit of this CPU.',
    labels,
    node: 'node_softnet_flow_limit_count_total',
  },
  backlog: {
    type: 'gauge',
    help: 'Packets that wait in the receive queue of this CPU.',
    labels,
    node: 'node_softnet_backlog_len',
  },
});
