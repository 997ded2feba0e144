import { describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { Exposed } from '../../test/exposed.ts';
import { testWith } from '../../test/parts.ts';
import { type Interface, idle, netClass, netPath } from '../../test/trees/netdev.ts';
import { link, type Tree } from '../../test/trees/tree.ts';
import { both } from './compare.fixture.ts';
import { type Guard, UNGUARDED } from './guard.ts';
import { type NetclassOptions, netclass } from './netclass.ts';
import { OnDisk } from './tree.fixture.ts';

const PCI = 'pci0000:00/0000:01:00.0';

const CARD: Interface = {
  name: 'enp1s0',
  index: 2,
  address: '02:00:00:00:00:01',
  traffic: idle(),
  state: 'up',
  device: PCI,
  mtu: 9000,
  carrier: 1,
  speed: 200_000,
  duplex: 'full',
  ups: 3,
};

const BRIDGE: Interface = {
  name: 'docker0',
  index: 3,
  address: '02:42:00:00:00:01',
  traffic: idle(),
  state: 'down',
  flags: '0x1003',
  carrier: 0,
  speed: -1,
  duplex: 'unknown',
};

const FILES = `sys/devices/${PCI}/net/enp1s0`;

const machine = (...interfaces: readonly Interface[]): OnDisk =>
  OnDisk.built((tree: Tree) => {
    for (const it of interfaces) netClass(tree, it);
    link(tree, `sys/devices/${PCI}/driver`, 'sys/bus/pci/drivers/mlx5_core');
  });

const expose = (disk: OnDisk, options?: NetclassOptions, guard: Guard = UNGUARDED): Exposed =>
  new Exposed(netclass(disk.paths, guard, options));

const devices = (lines: readonly string[], family: string): (string | undefined)[] =>
  lines
    .filter((line) => line.startsWith(`${family}{`))
    .map((line) => /device="([^"]*)"/.exec(line)?.[1]);

describe('netclass()', () => {
  test('says what there is to an interface', () => {
    using disk = machine({ ...CARD, more: { ifalias: 'to the "switch"', dev_id: '0xa' } });
    const lines = expose(disk).sample();
    expect(lines).toEqual([
      'node_network_address_assign_type{device="enp1s0"} 0',
      'node_network_carrier{device="enp1s0"} 1',
      'node_network_carrier_changes_total{device="enp1s0"} 5',
      'node_network_carrier_down_changes_total{device="enp1s0"} 2',
      'node_network_carrier_up_changes_total{device="enp1s0"} 3',
      'node_network_device_id{device="enp1s0"} 10',
      'node_network_dormant{device="enp1s0"} 0',
      'node_network_flags{device="enp1s0"} 4099',
      'node_network_iface_id{device="enp1s0"} 2',
      'node_network_iface_link{device="enp1s0"} 2',
      'node_network_iface_link_mode{device="enp1s0"} 0',
      'node_network_info{address="02:00:00:00:00:01",adminstate="up",broadcast="ff:ff:ff:ff:ff:ff",device="enp1s0",duplex="full",ifalias="to the \\"switch\\"",operstate="up"} 1',
      'node_network_mtu_bytes{device="enp1s0"} 9000',
      'node_network_name_assign_type{device="enp1s0"} 4',
      'node_network_net_dev_group{device="enp1s0"} 0',
      'node_network_protocol_type{device="enp1s0"} 1',
      'node_network_speed_bytes{device="enp1s0"} 25000000000',
      'node_network_transmit_queue_length{device="enp1s0"} 1000',
      'node_network_up{device="enp1s0"} 1',
    ]);
  });

  test('says of physical interfaces alone in the native dialect', () => {
    using disk = machine(CARD, BRIDGE);
    expect(expose(disk).sample('native')).toEqual([
      'network_carrier_changes_total{device="enp1s0"} 5',
      'network_info{device="enp1s0",address="02:00:00:00:00:01",driver="mlx5_core",bus_address="0000:01:00.0"} 1',
      'network_mtu_bytes{device="enp1s0"} 9000',
      'network_speed_bytes{device="enp1s0"} 25000000000',
      'network_up{device="enp1s0"} 1',
    ]);
  });

  test('says of the interfaces of a pattern where there is one', () => {
    using disk = machine(CARD, BRIDGE);
    const lines = expose(disk, { native: '^docker' }).sample('native');
    expect(devices(lines, 'network_up')).toEqual(['docker0']);
    expect(devices(lines, 'network_speed_bytes')).toEqual([]);
  });

  for (const [what, more] of [
    ['its driver does not know it', { speed: -1 }],
    ['its driver says so without a sign', { speed: 4_294_967_295 }],
    ['there is no link', { carrier: 0 }],
    ['it cannot be read', { more: { speed: '' } }],
  ] as const) {
    test(`has no speed in the native dialect when ${what}`, () => {
      const { speed: _, ...unread } = CARD;
      using disk = machine('more' in more ? { ...unread, ...more } : { ...CARD, ...more });
      const lines = expose(disk).sample('native');
      expect(devices(lines, 'network_speed_bytes')).toEqual([]);
      expect(devices(lines, 'network_up')).toEqual(['enp1s0']);
    });
  }

  test('has a negative speed in the node dialect as node_exporter does, unless told not to', () => {
    using disk = machine(BRIDGE);
    const line = 'node_network_speed_bytes{device="docker0"} -125000';
    expect(expose(disk).sample()).toContain(line);
    expect(
      devices(expose(disk, { ignoreInvalidSpeed: true }).sample(), 'node_network_speed_bytes'),
    ).toEqual([]);
  });

  test('leaves out what it is told to, and what is no interface', () => {
    using disk = machine(CARD, BRIDGE);
    disk.write('sys/class/net/bonding_masters', 'bond0\n');
    expect(devices(expose(disk).sample(), 'node_network_up')).toEqual(['docker0', 'enp1s0']);
    const ignored = expose(disk, { ignoredDevices: '^docker' });
    expect(devices(ignored.sample(), 'node_network_up')).toEqual(['enp1s0']);
  });

  test('leaves out each attribute that cannot be read, and no other', () => {
    using disk = machine(CARD);
    for (const file of ['carrier', 'speed', 'duplex', 'mtu', 'dormant', 'operstate']) {
      disk.breakFile(`${FILES}/${file}`);
    }
    disk.write(`${FILES}/tx_queue_len`, '');
    const lines = expose(disk).sample();
    const left = lines.map((line) => /^node_network_(\w+)/.exec(line)?.[1]);
    expect(left).not.toContain('carrier');
    expect(left).not.toContain('speed_bytes');
    expect(left).not.toContain('mtu_bytes');
    expect(left).not.toContain('dormant');
    expect(left).not.toContain('up');
    expect(left).not.toContain('transmit_queue_length');
    expect(left).toContain('carrier_changes_total');
    expect(lines.find((line) => line.startsWith('node_network_info'))).toContain(
      'device="enp1s0",duplex="",ifalias="",operstate=""',
    );
  });

  test('follows a link that goes down and up without being discovered again', () => {
    using disk = machine(CARD, BRIDGE);
    const exposed = expose(disk);
    exposed.sample();
    const before = exposed.layout.version;
    disk.write(`${FILES}/operstate`, 'down\n');
    disk.write(`${FILES}/carrier`, '0\n');
    disk.write(`${FILES}/carrier_changes`, '6\n');
    disk.write(`${FILES}/carrier_down_count`, '3\n');
    disk.write(`${FILES}/speed`, '-1\n');
    disk.write(`${FILES}/duplex`, 'unknown\n');
    const down = exposed.sample();
    expect(down).toContain('node_network_up{device="enp1s0"} 0');
    expect(down).toContain('node_network_carrier_changes_total{device="enp1s0"} 6');
    expect(down).toContain('node_network_carrier_down_changes_total{device="enp1s0"} 3');
    expect(down).toContain('node_network_speed_bytes{device="enp1s0"} -125000');
    expect(down.filter((line) => line.includes('duplex="unknown"'))).toHaveLength(2);
    expect(exposed.layout.version).toBeGreaterThan(before);
    expect(exposed.complaints).toEqual([]);
  });

  test('takes what seldom changes from each discovery', () => {
    using disk = machine(CARD);
    const exposed = expose(disk);
    exposed.sample();
    disk.write(`${FILES}/mtu`, '1500\n');
    exposed.registry.rediscover();
    expect(exposed.sample()).toContain('node_network_mtu_bytes{device="enp1s0"} 1500');
  });

  test('drops an interface that vanishes, at once, and finds a new one when it looks again', () => {
    using disk = machine(CARD, BRIDGE);
    const exposed = expose(disk);
    disk.remove('sys/class/net/docker0');
    disk.remove(netPath(BRIDGE));
    expect(devices(exposed.sample(), 'node_network_up')).toEqual(['enp1s0']);
    disk.remove('sys/class/net/enp1s0');
    disk.remove(FILES);
    expect(exposed.sample()).toEqual([]);
    expect(exposed.registry.reports()[0]?.status).toBe('absent');
    const tree: Tree = new Map();
    netClass(tree, BRIDGE);
    disk.add(tree);
    exposed.registry.rediscover();
    expect(devices(exposed.sample(), 'node_network_up')).toEqual(['docker0']);
  });

  test('passes over an interface whose name is not UTF-8', () => {
    using disk = machine(CARD);
    const name = Buffer.concat([Buffer.from(`${disk.root}/sys/class/net/`), Buffer.from([0xff])]);
    mkdirSync(name);
    expect(devices(expose(disk).sample(), 'node_network_up')).toEqual(['enp1s0']);
  });

  test('makes an interface absent that hung a former probe', () => {
    using disk = machine(CARD, BRIDGE);
    let refused = '';
    const guard: Guard = { enter: (path) => !path.endsWith(refused || '/nothing'), leave() {} };
    const exposed = expose(disk, {}, guard);
    expect(devices(exposed.sample(), 'node_network_up')).toHaveLength(2);
    refused = '/enp1s0';
    expect(devices(exposed.sample(), 'node_network_up')).toEqual(['docker0']);
    exposed.registry.rediscover();
    expect(devices(exposed.sample(), 'node_network_up')).toEqual(['docker0']);
  });

  test('has no data without the class', () => {
    using disk = new OnDisk(new Map());
    expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
  });

  for (const name of ['vm', 'h100', 'spark'] as const) {
    testWith(['nodeExporter'], `agrees with node_exporter on ${name}`, async ({ nodeExporter }) => {
      using disk = OnDisk.machine(name, 'sys/');
      const source = netclass(disk.paths, UNGUARDED);
      const { theirs, ours } = await both(nodeExporter, 'netclass', disk.paths, source);
      expect(ours).toEqual(theirs);
      expect(Object.keys(theirs).length).toBeGreaterThan(30);
    });
  }

  testWith(['nodeExporter'], 'agrees with node_exporter on this machine', async (found) => {
    const paths = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };
    const source = netclass(paths, UNGUARDED);
    const { theirs, ours } = await both(found.nodeExporter, 'netclass', paths, source);
    expect(ours).toEqual(theirs);
  });
});
