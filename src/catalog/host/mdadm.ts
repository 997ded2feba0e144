import { signals } from '../signal.ts';

/** /proc/mdstat: Linux software RAID. */
export const MDADM = signals('mdadm', {
  state: {
    type: 'gauge',
    help: 'Whether the array is in this state.',
    labels: ['device', 'state'],
    node: 'node_md_state',
  },
  disks: {
    type: 'gauge',
    help: 'Disks of the array that are active, failed, spare.',
    labels: ['device', 'state'],
    node: 'node_md_disks',
  },
  disksRequired: {
    type: 'gauge',
    help: 'Disks that the array has when it is whole.',
    labels: ['device'],
    node: 'node_md_disks_required',
  },
  blocks: {
    type: 'gauge',
    help: 'Size of the array in blocks of 1 KiB.',
    labels: ['device'],
    node: 'node_md_blocks',
  },
  blocksSynced: {
    type: 'gauge',
    help: 'Blocks that the running recovery, resync or check has done; all of them when none runs.',
    labels: ['device'],
    node: 'node_md_blocks_synced',
  },
});

/** Values of `state` of `node_md_state`. */
export const MD_STATES = ['active', 'inactive', 'recovering', 'resync', 'check'] as const;
