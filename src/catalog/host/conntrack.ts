import { type Row, signals } from '../signal.ts';

/** Counts since boot, which node_exporter types as gauges. */
const stat = (name: string, help: string): Row => ({
  type: 'gauge',
  help,
  node: `node_nf_conntrack_stat_${name}`,
});

/** /proc/sys/net/netfilter/nf_conntrack_{count,max} */
export const CONNTRACK = signals('conntrack', {
  entries: {
    type: 'gauge',
    help: 'Connections that netfilter tracks.',
    native: 'network_conntrack_entries',
    node: 'node_nf_conntrack_entries',
  },
  limit: {
    type: 'gauge',
    help: 'Most connections that netfilter can track.',
    native: 'network_conntrack_entries_limit',
    node: 'node_nf_conntrack_entries_limit',
  },
});

/** /proc/net/stat/nf_conntrack, by column; sums over all CPUs. */
export const CONNTRACK_STAT = signals('conntrack', {
  found: stat('found', 'Look-ups that found a connection.'),
  invalid: stat('invalid', 'Packets that could not be tracked.'),
  ignore: stat('ignore', 'Packets that already belonged to a connection.'),
  insert: stat('insert', 'Connections entered into the table.'),
  insert_failed: stat('insert_failed', 'Connections that could not be entered into the table.'),
  drop: stat('drop', 'Packets dropped because their connection could not be tracked.'),
  early_drop: stat('early_drop', 'Connections thrown out of a full table to make room.'),
  search_restart: stat(
    'search_restart',
    'Look-ups started anew because the table was being resized.',
  ),
});
