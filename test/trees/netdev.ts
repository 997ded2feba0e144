import { pick } from './number.ts';
import { type Attribute, attributes, lines, link, runtimePower, type Tree } from './tree.ts';

const COLUMNS = [
  'rxBytes',
  'rxPackets',
  'rxErrors',
  'rxDropped',
  'rxFifo',
  'rxFrame',
  'rxCompressed',
  'rxMulticast',
  'txBytes',
  'txPackets',
  'txErrors',
  'txDropped',
  'txFifo',
  'txCollisions',
  'txCarrier',
  'txCompressed',
] as const;

/** The sixteen columns of /proc/net/dev. */
export type Traffic = Readonly<Record<(typeof COLUMNS)[number], number | bigint>>;

/** One network interface. */
export interface Interface {
  readonly name: string;
  readonly index: number;
  readonly address: string;
  readonly traffic: Traffic;
  /** up, down, unknown, dormant, … */
  readonly state: string;
  /** The device below sys/devices; an interface without one is virtual. */
  readonly device?: string;
  readonly mtu?: number;
  readonly flags?: string;
  /** 1 or 0; absent when the interface is off: reading the file is then EINVAL. */
  readonly carrier?: number;
  /** Mbit/s; absent where reading the file is EINVAL, -1 where the driver does not know. */
  readonly speed?: number;
  readonly duplex?: string;
  /** How often the link came up; it went down once less. */
  readonly ups?: number;
  /** Index of the interface below this one (a VLAN's parent, the other end of a veth). */
  readonly below?: number;
  readonly more?: Record<string, Attribute>;
}

/** Where an interface lies in sysfs. */
export function netPath(it: Interface): string {
  return it.device === undefined
    ? `sys/devices/virtual/net/${it.name}`
    : `sys/devices/${it.device}/net/${it.name}`;
}

/** Traffic of an interface in use: every column a number of its own. */
export function busy(key: string, more: Partial<Traffic> = {}): Traffic {
  const count = (column: string, low: number, high: number) => pick(`${key} ${column}`, low, high);
  return {
    rxBytes: count('rx bytes', 4e12, 9e14),
    rxPackets: count('rx packets', 2e9, 9e10),
    rxErrors: count('rx errors', 10, 90),
    rxDropped: count('rx dropped', 1_000, 90_000),
    rxFifo: count('rx fifo', 100, 300),
    rxFrame: count('rx frame', 300, 600),
    rxCompressed: count('rx compressed', 600, 900),
    rxMulticast: count('rx multicast', 1e6, 9e7),
    txBytes: count('tx bytes', 4e12, 9e14),
    txPackets: count('tx packets', 2e9, 9e10),
    txErrors: count('tx errors', 90, 200),
    txDropped: count('tx dropped', 100_000, 900_000),
    txFifo: count('tx fifo', 2_000, 3_000),
    txCollisions: count('tx collisions', 3_000, 4_000),
    txCarrier: count('tx carrier', 4_000, 5_000),
    txCompressed: count('tx compressed', 5_000, 6_000),
    ...more,
  };
}

/** Traffic of an interface that never carried anything. */
export function idle(): Traffic {
  return Object.fromEntries(COLUMNS.map((column) => [column, 0])) as Record<
    (typeof COLUMNS)[number],
    number
  >;
}

/** Adds proc/1/net/dev, which proc/net leads to. */
export function netDev(tree: Tree, interfaces: readonly Interface[]): void {
  lines(tree, 'proc/1/net/dev', [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    ...interfaces.map(
      ({ name, traffic }) =>
        `${name.padStart(6)}: ${COLUMNS.map((column) => String(traffic[column]).padStart(7)).join(' ')}`,
    ),
  ]);
}

/** The per-interface counters; the columns of /proc/net/dev are sums of some of them. */
function statistics(traffic: Traffic): Record<string, Attribute> {
  return {
    collisions: traffic.txCollisions,
    multicast: traffic.rxMulticast,
    rx_bytes: traffic.rxBytes,
    rx_compressed: traffic.rxCompressed,
    rx_crc_errors: 0,
    rx_dropped: traffic.rxDropped,
    rx_errors: traffic.rxErrors,
    rx_fifo_errors: traffic.rxFifo,
    rx_frame_errors: traffic.rxFrame,
    rx_length_errors: 0,
    rx_missed_errors: 0,
    rx_nohandler: 0,
    rx_over_errors: 0,
    rx_packets: traffic.rxPackets,
    tx_aborted_errors: 0,
    tx_bytes: traffic.txBytes,
    tx_carrier_errors: traffic.txCarrier,
    tx_compressed: traffic.txCompressed,
    tx_dropped: traffic.txDropped,
    tx_errors: traffic.txErrors,
    tx_fifo_errors: traffic.txFifo,
    tx_heartbeat_errors: 0,
    tx_packets: traffic.txPackets,
    tx_window_errors: 0,
  };
}

/** Adds an interface to sysfs (Documentation/ABI/testing/sysfs-class-net) and its class link. */
export function netClass(tree: Tree, it: Interface): void {
  const base = netPath(it);
  const ups = it.ups ?? 1;
  attributes(tree, base, {
    addr_assign_type: 0,
    addr_len: 6,
    address: it.address,
    broadcast: 'ff:ff:ff:ff:ff:ff',
    ...(it.carrier === undefined ? {} : { carrier: it.carrier }),
    carrier_changes: ups * 2 - 1,
    carrier_down_count: ups - 1,
    carrier_up_count: ups,
    dev_id: '0x0',
    dev_port: 0,
    dormant: 0,
    ...(it.duplex === undefined ? {} : { duplex: it.duplex }),
    flags: it.flags ?? '0x1003',
    gro_flush_timeout: 0,
    ifalias: '',
    ifindex: it.index,
    iflink: it.below ?? it.index,
    link_mode: 0,
    mtu: it.mtu ?? 1500,
    name_assign_type: it.device === undefined ? 3 : 4,
    napi_defer_hard_irqs: 0,
    netdev_group: 0,
    operstate: it.state,
    proto_down: 0,
    ...(it.speed === undefined ? {} : { speed: it.speed }),
    testing: 0,
    threaded: 0,
    tx_queue_len: 1000,
    type: 1,
    uevent: `INTERFACE=${it.name}\nIFINDEX=${it.index}`,
    ...it.more,
  });
  attributes(tree, `${base}/statistics`, statistics(it.traffic));
  attributes(tree, `${base}/queues/rx-0`, { rps_cpus: '0', rps_flow_cnt: 0 });
  attributes(tree, `${base}/queues/tx-0`, { tx_timeout: 0, xps_cpus: '0' });
  runtimePower(tree, base);
  link(tree, `${base}/subsystem`, 'sys/class/net');
  if (it.device !== undefined) link(tree, `${base}/device`, `sys/devices/${it.device}`);
  link(tree, `sys/class/net/${it.name}`, base);
}
