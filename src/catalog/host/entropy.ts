import { signals } from '../signal.ts';

/** /proc/sys/kernel/random */
export const ENTROPY = signals('entropy', {
  available: {
    type: 'gauge',
    unit: 'bits',
    help: 'Entropy in the pool of the random number generator.',
    node: 'node_entropy_available_bits',
  },
  poolSize: {
    type: 'gauge',
    unit: 'bits',
    help: 'Entropy that the pool of the random number generator can hold.',
    node: 'node_entropy_pool_size_bits',
  },
});
