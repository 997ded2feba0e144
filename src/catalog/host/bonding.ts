import { signals } from '../signal.ts';

/** Bonded network interfaces. https://docs.kernel.org/networking/bonding.html */
export const BONDING = signals('bonding', {
  slaves: {
    type: 'gauge',
    help: 'Interfaces that this bond is made of.',
    labels: ['master'],
    node: 'node_bonding_slaves',
    native: 'network_bond_interfaces',
  },
  active: {
    type: 'gauge',
    help: 'Interfaces of this bond whose link is up.',
    labels: ['master'],
    node: 'node_bonding_active',
    native: 'network_bond_interfaces_up',
  },
});
