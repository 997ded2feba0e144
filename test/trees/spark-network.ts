import { infiniband } from './infiniband.ts';
import { busy, type Interface, idle, netClass, netDev } from './netdev.ts';
import { fullLink, type PciDevice, pci } from './pci.ts';
import { attributes, link, runtimePower, type Tree } from './tree.ts';

/** The Realtek card for management, in PCI domain 7. */
const MANAGEMENT = 'pci0007:00/0007:00:00.0/0007:01:00.0';
/** The MediaTek card for WiFi, in PCI domain 9. */
const WIFI = 'pci0009:00/0009:00:00.0/0009:01:00.0';
/** Its radio, which owns a hwmon chip. */
export const SPARK_RADIO = `${WIFI}/ieee80211/phy0`;

/**
 * The ConnectX-7: one chip on two PCIe roots of four lanes, so each of its two QSFP ports is two
 * interfaces, one in domain 0 and one in domain 2. On this machine port 0 is cabled, port 1 is not.
 */
const HALVES = [
  { domain: '0000', prefix: 'p1s0', port: 0, index: 3 },
  { domain: '0000', prefix: 'p1s0', port: 1, index: 4 },
  { domain: '0002', prefix: 'P2p1s0', port: 0, index: 5 },
  { domain: '0002', prefix: 'P2p1s0', port: 1, index: 6 },
].map((half) => ({
  ...half,
  device: `pci${half.domain}:00/${half.domain}:00:00.0/${half.domain}:01:00.${half.port}`,
  name: `en${half.prefix}f${half.port}np${half.port}`,
  rdma: `roce${half.prefix}f${half.port}`,
  up: half.port === 0,
}));

/** The PCI devices of the ConnectX-7, each of which owns a hwmon chip. */
export const SPARK_CX7: readonly string[] = HALVES.map((half) => half.device);

const CX7_PORTS: readonly Interface[] = HALVES.map((half) => ({
  name: half.name,
  index: half.index,
  address: `4c:bb:47:00:00:8${half.index}`,
  traffic: half.up ? busy(`spark ${half.name}`) : idle(),
  state: half.up ? 'up' : 'down',
  device: half.device,
  carrier: half.up ? 1 : 0,
  ...(half.up ? { speed: 200_000, duplex: 'full' } : { speed: -1, duplex: 'unknown' }),
  ups: half.up ? half.index : 1,
  more: { phys_port_name: `p${half.port}` },
}));

const OTHERS: readonly Interface[] = [
  {
    name: 'lo',
    index: 1,
    address: '00:00:00:00:00:00',
    traffic: {
      ...idle(),
      rxBytes: 823_520_109,
      rxPackets: 1_119_607,
      txBytes: 823_520_109,
      txPackets: 1_119_607,
    },
    state: 'unknown',
    carrier: 1,
    mtu: 65_536,
    flags: '0x9',
    more: { type: 772 },
  },
  {
    name: 'enP7s7',
    index: 2,
    address: '4c:bb:47:00:00:8a',
    traffic: {
      ...idle(),
      rxBytes: 51_856_679,
      rxPackets: 672_302,
      rxMulticast: 31_243,
      txBytes: 765_341_454,
      txPackets: 641_122,
    },
    state: 'up',
    device: MANAGEMENT,
    mtu: 9000,
    carrier: 1,
    speed: 10_000,
    duplex: 'full',
    ups: 2,
  },
  {
    // Radio has no speed and no duplex.
    name: 'wlP9s9',
    index: 7,
    address: '4c:bb:47:00:00:3e',
    traffic: {
      ...idle(),
      rxBytes: 99_650_866_263,
      rxPackets: 67_436_565,
      rxDropped: 24_654,
      txBytes: 1_653_508_387,
      txPackets: 18_094_646,
    },
    state: 'up',
    device: WIFI,
    carrier: 1,
    ups: 17,
    more: { link_mode: 1 },
  },
  {
    name: 'docker0',
    index: 8,
    address: '02:42:ac:11:00:02',
    traffic: idle(),
    state: 'down',
    carrier: 0,
    speed: -1,
    duplex: 'unknown',
  },
];

function radio(tree: Tree): void {
  const base = `sys/devices/${SPARK_RADIO}`;
  attributes(tree, base, { index: 0, macaddress: '4c:bb:47:00:00:3e', name: 'phy0' });
  runtimePower(tree, base);
  link(tree, `${base}/device`, `sys/devices/${WIFI}`);
  link(tree, 'sys/class/ieee80211/phy0', base);
  link(tree, `sys/devices/${WIFI}/net/wlP9s9/phy80211`, base);
  attributes(tree, `sys/devices/${WIFI}/net/wlP9s9/wireless`, { status: '0x0' });
}

/** Adds the network of the Spark. */
export function sparkNetwork(tree: Tree): void {
  const interfaces = [...CX7_PORTS, ...OTHERS];
  netDev(
    tree,
    interfaces.toSorted((a, b) => a.index - b.index),
  );
  for (const it of interfaces) netClass(tree, it);
  for (const half of HALVES) {
    infiniband(tree, {
      name: half.rdma,
      device: half.device,
      netdev: half.name,
      boardId: 'NVD0000000087',
      firmware: '28.45.4028',
      hcaType: 'MT4129',
      guid: `4cbb:4703:0000:008${half.index}`,
      up: half.up,
      rate: half.up ? '200 Gb/sec (4X HDR)' : '40 Gb/sec (4X QDR)',
    });
  }
  radio(tree);
  pci(tree, [
    {
      path: MANAGEMENT,
      vendor: '0x10ec',
      device: '0x8127',
      class: '0x020000',
      node: -1,
      driver: 'r8127',
    },
    {
      path: WIFI,
      vendor: '0x14c3',
      device: '0x7925',
      class: '0x028000',
      node: -1,
      driver: 'mt7925e',
    },
    ...HALVES.map(
      (half): PciDevice => ({
        path: half.device,
        vendor: '0x15b3',
        device: '0x1021',
        class: '0x020000',
        node: -1,
        driver: 'mlx5_core',
        // Old firmware trains the second root to two lanes of four.
        link: { ...fullLink('32.0 GT/s PCIe', 4), width: half.domain === '0002' ? 2 : 4 },
      }),
    ),
  ]);
}
