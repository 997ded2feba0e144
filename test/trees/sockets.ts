import { hex, pick } from './number.ts';
import { attributes, lines, type Tree } from './tree.ts';

/** Adds sockstat and, unless IPv6 is off, sockstat6. `mem` counts pages. */
export function sockstat(tree: Tree, host: string, ipv6: boolean): void {
  const count = (key: string, low: number, high: number) => pick(`${host} sock ${key}`, low, high);
  lines(tree, 'proc/1/net/sockstat', [
    `sockets: used ${count('used', 900, 2_000)}`,
    `TCP: inuse ${count('tcp', 30, 400)} orphan ${count('orphan', 1, 9)} tw ${count('tw', 10, 29)} alloc ${count('alloc', 500, 900)} mem ${count('mem', 2_000, 9_000)}`,
    `UDP: inuse ${count('udp', 5, 40)} mem ${count('udp mem', 41, 90)}`,
    `UDPLITE: inuse ${count('udplite', 1, 4)}`,
    `RAW: inuse ${count('raw', 1, 5)}`,
    `FRAG: inuse ${count('frag', 1, 5)} memory ${count('frag memory', 4_096, 65_536)}`,
  ]);
  if (!ipv6) return;
  lines(tree, 'proc/1/net/sockstat6', [
    `TCP6: inuse ${count('tcp6', 6, 60)}`,
    `UDP6: inuse ${count('udp6', 61, 90)}`,
    `UDPLITE6: inuse ${count('udplite6', 5, 9)}`,
    `RAW6: inuse ${count('raw6', 10, 20)}`,
    `FRAG6: inuse ${count('frag6', 6, 9)} memory ${count('frag6 memory', 70_000, 90_000)}`,
  ]);
}

/** Adds the UDP socket tables; the sums of the queues are what is exported. */
export function udp(tree: Tree, host: string, sockets: number, ipv6: boolean): void {
  const table = (version: string, address: string) => [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'.padEnd(
      127,
    ),
    ...Array.from({ length: sockets }, (_, i) => {
      const key = `${host} ${version} ${i}`;
      const queues = `${hex(pick(`${key} tx`, 0, 9_000), 8)}:${hex(pick(`${key} rx`, 9_000, 212_992), 8)}`;
      const local = `${address}:${hex(pick(`${key} port`, 1_024, 65_535), 4)}`;
      const remote = `${'0'.repeat(address.length)}:0000`;
      return `${String(1000 + i * 37).padStart(5)}: ${local} ${remote} 07 ${queues} 00:00000000 00000000   ${101 + i}        0 ${20_000 + i} 2 0000000000000000 ${pick(`${key} drops`, 0, 99)}`.toUpperCase();
    }),
  ];
  lines(tree, 'proc/1/net/udp', table('udp', '0100007F'));
  if (ipv6) lines(tree, 'proc/1/net/udp6', table('udp6', '00000000000000000000000001000000'));
}

/** Adds the ARP table: `[address, device]`; flags 0x0 marks an incomplete entry, which counts too. */
export function arp(tree: Tree, entries: readonly (readonly [string, string])[]): void {
  lines(tree, 'proc/1/net/arp', [
    'IP address       HW type     Flags       HW address            Mask     Device',
    ...entries.map(([address, device], i) => {
      const complete = i % 4 !== 3;
      const hardware = complete ? `02:00:5e:00:53:${hex(i + 1, 2)}` : '00:00:00:00:00:00';
      return `${address.padEnd(17)}0x1         ${complete ? '0x2' : '0x0'}         ${hardware}     *        ${device}`;
    }),
  ]);
}

/** Adds connection tracking: the counters are hexadecimal, one line for each CPU. */
export function conntrack(tree: Tree, host: string, cpus: number, maximum: number): void {
  attributes(tree, 'proc/sys/net/netfilter', {
    nf_conntrack_count: pick(`${host} conntrack`, 300, maximum / 4),
    nf_conntrack_max: maximum,
  });
  const columns =
    'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart';
  const entries = pick(`${host} conntrack`, 300, maximum / 4);
  lines(tree, 'proc/1/net/stat/nf_conntrack', [
    columns,
    ...Array.from({ length: cpus }, (_, cpu) =>
      columns
        .split(/\s+/)
        .map((name, i) =>
          hex(i === 0 ? entries : pick(`${host} conntrack ${name} ${cpu}`, 10, 200_000), 8),
        )
        .join(' '),
    ),
  ]);
}

/**
 * Adds softnet_stat, one line of hexadecimal columns for each CPU that is online: 11 columns before
 * kernel 5.14, 13 with backlog length and CPU number since, 15 since 6.4.
 */
export function softnet(tree: Tree, host: string, cpus: readonly number[], width: number): void {
  lines(
    tree,
    'proc/1/net/softnet_stat',
    cpus.map((cpu) => {
      const count = (name: string, low: number, high: number) =>
        pick(`${host} softnet ${name} ${cpu}`, low, high);
      const backlog = count('backlog', 1, 1_000);
      const columns = [
        count('processed', 1e8, 4e9),
        count('dropped', 100, 900),
        count('squeezed', 1_000, 90_000),
        ...[0, 0, 0, 0, 0],
        count('collision', 1, 99),
        count('rps', 1e6, 9e6),
        count('flow limit', 10_000, 20_000),
        backlog,
        cpu,
        backlog - 1,
        1,
      ];
      return columns
        .slice(0, width)
        .map((column) => hex(column, 8))
        .join(' ');
    }),
  );
}
