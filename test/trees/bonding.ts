import { type Interface, netPath } from './netdev.ts';
import { attributes, lines, link, type Tree } from './tree.ts';

/** A bond and the interfaces that it is made of, each with the state of its link. */
export interface Bond {
  readonly master: Interface;
  readonly slaves: readonly { readonly interface: Interface; readonly up: boolean }[];
}

/**
 * Adds what the bonding driver adds to sysfs. Its `bonding_masters` is a plain file among the
 * interfaces in sys/class/net: a reader that takes every name there for an interface stumbles.
 */
export function bonding(tree: Tree, bond: Bond): void {
  const base = netPath(bond.master);
  lines(tree, 'sys/class/net/bonding_masters', [bond.master.name]);
  attributes(tree, `${base}/bonding`, {
    mode: '802.3ad 4',
    miimon: 100,
    mii_status: 'up',
    slaves: bond.slaves.map((slave) => slave.interface.name).join(' '),
    xmit_hash_policy: 'layer3+4 1',
  });
  for (const slave of bond.slaves) {
    const path = netPath(slave.interface);
    attributes(tree, `${path}/bonding_slave`, {
      link_failure_count: slave.up ? 2 : 7,
      mii_status: slave.up ? 'up' : 'down',
      state: 'active',
    });
    link(tree, `${base}/lower_${slave.interface.name}`, path);
    link(tree, `${path}/master`, base);
  }
}
