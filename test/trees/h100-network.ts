import { bonding } from './bonding.ts';
import { type Hca, infiniband } from './infiniband.ts';
import { busy, type Interface, idle, netClass, netDev, type Traffic } from './netdev.ts';
import { fullLink, type PciDevice, pci } from './pci.ts';
import type { Tree } from './tree.ts';

/** Where the eight HCAs are: PCI root, bus (which names the interface), NUMA node. */
const SLOTS = [
  ['15', 0x18, 0],
  ['37', 0x40, 0],
  ['48', 0x4f, 0],
  ['59', 0x5e, 0],
  ['97', 0x9a, 1],
  ['c7', 0xce, 1],
  ['d7', 0xd8, 1],
  ['d9', 0xdc, 1],
] as const;

/** This HCA's cable is unplugged. */
const UNPLUGGED = 7;

function hcaPath(i: number): string {
  const [root, bus] = SLOTS[i] ?? SLOTS[0];
  return `pci0000:${root}/0000:${root}:01.0/0000:${bus.toString(16)}:00.0`;
}

/** Counters that are hard on a reader: beyond 2^53, near 2^64, not a number at all. */
const HARD: Readonly<Record<number, Record<string, string | bigint | number>>> = {
  0: {
    port_rcv_data: 3_377_699_720_527_873n,
    port_rcv_discards: 4_711,
    unicast_rcv_packets: 18_446_744_073_709_551_557n,
  },
  // Four times this, the number of bytes, still fits 64 bits.
  1: { port_xmit_data: 4_611_686_018_427_387_898n },
  6: { VL15_dropped: 'N/A (no PMA)' },
};

const HCAS: readonly Hca[] = SLOTS.map(([, bus], i) => ({
  name: `mlx5_${i}`,
  device: hcaPath(i),
  netdev: `enp${bus}s0np0`,
  boardId: 'MT_0000000838',
  firmware: i === 3 ? '28.39.2048' : '28.39.3004',
  hcaType: 'MT4129',
  guid: `9c63:c003:00a1:${bus.toString(16).padStart(4, '0')}`,
  up: i !== UNPLUGGED,
  rate: i === UNPLUGGED ? '40 Gb/sec (4X QDR)' : '400 Gb/sec (4X NDR)',
  ...(HARD[i] === undefined ? {} : { counters: HARD[i] }),
}));

const HCA_PORTS: readonly Interface[] = HCAS.map((hca, i) => {
  const big: Partial<Traffic> =
    i === 0 ? { rxBytes: 13_510_798_882_111_493n, txBytes: 9_007_199_254_740_993n } : {};
  return {
    name: hca.netdev,
    index: 5 + i,
    address: `9c:63:c0:a1:00:${(0x10 + i).toString(16)}`,
    traffic: hca.up ? busy(`h100 ${hca.netdev}`, big) : idle(),
    state: hca.up ? 'up' : 'down',
    device: hca.device,
    mtu: 9000,
    carrier: hca.up ? 1 : 0,
    ...(hca.up ? { speed: 400_000, duplex: 'full' } : { speed: -1, duplex: 'unknown' }),
    ups: 2 + i,
    more: { phys_port_name: 'p0', phys_switch_id: `a1c0${i}0003c063c9c` },
  };
});

const ONBOARD = 'pci0000:00/0000:00:1c.0';

const ONBOARD_PORTS: readonly Interface[] = [0, 1].map((port) => ({
  name: `eno${port + 1}`,
  index: 2 + port,
  address: '3c:ec:ef:00:00:10',
  traffic: busy(`h100 eno${port + 1}`),
  state: port === 0 ? 'up' : 'down',
  device: `${ONBOARD}/0000:05:00.${port}`,
  carrier: port === 0 ? 1 : 0,
  ...(port === 0 ? { speed: 10_000, duplex: 'full' } : { speed: -1, duplex: 'unknown' }),
  flags: '0x1803',
  ups: 11 + port,
  more: { dev_id: `0x${port}`, dev_port: port },
}));

const BOND: Interface = {
  name: 'bond0',
  index: 20,
  address: '3c:ec:ef:00:00:10',
  traffic: busy('h100 bond0'),
  state: 'up',
  carrier: 1,
  speed: 10_000,
  duplex: 'full',
  flags: '0x1403',
  ups: 3,
};

const VIRTUAL: readonly Interface[] = [
  {
    name: 'lo',
    index: 1,
    address: '00:00:00:00:00:00',
    traffic: busy('h100 lo'),
    state: 'unknown',
    carrier: 1,
    mtu: 65_536,
    flags: '0x9',
    more: { type: 772 },
  },
  BOND,
  {
    name: 'bond0.100',
    index: 21,
    address: '3c:ec:ef:00:00:10',
    traffic: busy('h100 bond0.100'),
    state: 'up',
    carrier: 1,
    speed: 10_000,
    duplex: 'full',
    below: 20,
    ups: 4,
  },
  {
    name: 'docker0',
    index: 22,
    address: '02:42:ac:11:00:01',
    traffic: busy('h100 docker0'),
    state: 'up',
    carrier: 1,
    speed: 10_000,
    ups: 5,
    more: { tx_queue_len: 0 },
  },
  {
    name: 'veth3f2a9c1',
    index: 24,
    address: '7e:11:00:00:00:24',
    traffic: busy('h100 veth'),
    state: 'up',
    carrier: 1,
    speed: 10_000,
    duplex: 'full',
    below: 23,
    more: { addr_assign_type: 3 },
  },
  {
    // Switched off: its carrier cannot be read.
    name: 'dummy0',
    index: 25,
    address: '6a:00:00:00:00:25',
    traffic: idle(),
    state: 'down',
    flags: '0x82',
    // Numbers that are 0 elsewhere, each its own.
    more: { dormant: 1, link_mode: 2, netdev_group: 9, tx_queue_len: 500, type: 1 },
  },
];

/** Adds the network of the H100 host: eight RoCE HCAs, a bond with a VLAN, a container bridge. */
export function h100Network(tree: Tree): void {
  const interfaces = [...ONBOARD_PORTS, ...HCA_PORTS, ...VIRTUAL];
  netDev(
    tree,
    interfaces.toSorted((a, b) => a.index - b.index),
  );
  for (const it of interfaces) netClass(tree, it);
  bonding(tree, {
    master: BOND,
    slaves: ONBOARD_PORTS.map((port) => ({ interface: port, up: port.carrier === 1 })),
  });
  for (const hca of HCAS) infiniband(tree, hca);
  pci(tree, [
    ...ONBOARD_PORTS.map(
      (port): PciDevice => ({
        path: port.device ?? '',
        vendor: '0x8086',
        device: '0x1563',
        class: '0x020000',
        node: 0,
        driver: 'ixgbe',
        link: fullLink('8.0 GT/s PCIe', 4),
      }),
    ),
    ...SLOTS.map(
      ([, , node], i): PciDevice => ({
        path: hcaPath(i),
        vendor: '0x15b3',
        device: '0x1021',
        class: '0x020700',
        node,
        driver: 'mlx5_core',
        // One of them trained to half its width.
        link: { ...fullLink('32.0 GT/s PCIe', 16), width: i === 4 ? 8 : 16 },
      }),
    ),
  ]);
}
