import { signals } from '../signal.ts';

/** /proc/net/arp */
export const ARP = signals('arp', {
  entries: {
    type: 'gauge',
    help: 'IPv4 neighbours in the ARP table, complete or not.',
    labels: ['device'],
    node: 'node_arp_entries',
  },
});
