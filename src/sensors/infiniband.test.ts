import { describe, expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { testWith } from '../../test/parts.ts';
import { type Hca, infiniband as hca } from '../../test/trees/infiniband.ts';
import { attributes, type Tree } from '../../test/trees/tree.ts';
import { INFINIBAND_COUNTERS, INFINIBAND_COUNTERS_EXT } from '../catalog/host/infiniband.ts';
import { INFINIBAND_HW_COUNTERS } from '../catalog/host/infiniband-hw.ts';
import { both } from './compare.fixture.ts';
import { type Guard, UNGUARDED } from './guard.ts';
import { infiniband } from './infiniband.ts';
import { OnDisk } from './tree.fixture.ts';

const CARD: Hca = {
  name: 'rocep1s0f0',
  device: 'pci0000:00/0000:01:00.0',
  netdev: 'enp1s0f0np0',
  boardId: 'NVD0000000087',
  firmware: '28.45.4028',
  hcaType: 'MT4129',
  guid: '4cbb:4703:0000:0083',
  up: true,
  rate: '200 Gb/sec (4X HDR)',
};
const BASE = `sys/devices/${CARD.device}/infiniband/${CARD.name}`;
const PORT = `${BASE}/ports/1`;
const LABELS = 'device="rocep1s0f0",port="1"';

const machine = (card: Partial<Hca> = {}, more: (tree: Tree) => void = () => {}): OnDisk =>
  OnDisk.built((tree: Tree) => {
    hca(tree, { ...CARD, ...card });
    more(tree);
  });

const expose = (disk: OnDisk, guard: Guard = UNGUARDED): Exposed =>
  new Exposed(infiniband(disk.paths, guard));

/** Names that a page has for the card's port, without the prefix of the collector. */
const names = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/^node_infiniband_(\w+).*$/, '$1'));

describe('infiniband()', () => {
  test('says what a device and its port are, and what they have counted', () => {
    using disk = machine({ counters: { port_rcv_data: 1000, port_xmit_packets: 77 } });
    const lines = expose(disk).sample();
    for (const line of [
      'node_infiniband_info{board_id="NVD0000000087",device="rocep1s0f0",firmware_version="28.45.4028",hca_type="MT4129"} 1',
      `node_infiniband_state_id{${LABELS}} 4`,
      `node_infiniband_physical_state_id{${LABELS}} 5`,
      `node_infiniband_rate_bytes_per_second{${LABELS}} 25000000000`,
      // The port counts words of four bytes.
      `node_infiniband_port_data_received_bytes_total{${LABELS}} 4000`,
      `node_infiniband_port_packets_transmitted_total{${LABELS}} 77`,
      // The driver says 10 ms.
      `node_infiniband_lifespan_seconds{${LABELS}} 0.01`,
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('says the same, and what is on the port, in its own words', () => {
    using disk = machine({ counters: { port_rcv_data: 1000, port_xmit_data: 2000 } });
    const lines = expose(disk).sample('native');
    for (const line of [
      `infiniband_port_receive_bytes_total{${LABELS}} 4000`,
      `infiniband_port_transmit_bytes_total{${LABELS}} 8000`,
      `infiniband_port_state_id{${LABELS}} 4`,
      `infiniband_port_rate_bytes_per_second{${LABELS}} 25000000000`,
      `infiniband_port_info{${LABELS},link_layer="Ethernet",netdev="enp1s0f0np0"} 1`,
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('gives every file its own family: no two signals share a name', () => {
    const all = [INFINIBAND_COUNTERS, INFINIBAND_COUNTERS_EXT, INFINIBAND_HW_COUNTERS];
    const signals = all.flatMap((table) => Object.values(table));
    for (const dialect of ['node', 'native'] as const) {
      const found = signals.flatMap((s) => s.dialects[dialect]?.name ?? []);
      expect(new Set(found).size).toBe(found.length);
    }
  });

  for (const [rate, bytes] of [
    ['2.5 Gb/sec (1X SDR)', 312_500_000],
    ['14 Gb/sec (1X FDR)', 1_750_000_000],
    ['25.78125 Gb/sec (1X EDR)', 3_222_656_250],
    ['800 Gb/sec (4X XDR)', 100_000_000_000],
  ] as const) {
    test(`reads the rate ${rate}`, () => {
      using disk = machine({ rate });
      const line = `node_infiniband_rate_bytes_per_second{${LABELS}} ${bytes}`;
      expect(expose(disk).sample()).toContain(line);
    });
  }

  test('does not take the rate of a port that is down for its rate', () => {
    using disk = machine({ up: false, rate: '40 Gb/sec (4X QDR)' });
    const exposed = expose(disk);
    const family = 'infiniband_port_rate_bytes_per_second';
    expect(exposed.sample('native', family)).toEqual([]);
    expect(exposed.sample('node', 'node_infiniband_rate')).toHaveLength(1);
    disk.write(`${PORT}/state`, '4: ACTIVE\n');
    expect(exposed.sample('native', family)).toHaveLength(1);
    disk.breakFile(`${PORT}/state`);
    expect(exposed.sample('native', family)).toEqual([]);
  });

  test('leaves out each counter that cannot be read, and no other', () => {
    using disk = machine();
    const all = names(expose(disk).sample());
    disk.breakFile(`${PORT}/counters/port_rcv_errors`);
    disk.breakFile(`${PORT}/hw_counters/out_of_buffer`);
    disk.write(`${PORT}/counters/VL15_dropped`, 'N/A (no PMA)\n');
    disk.write(`${PORT}/counters/symbol_error`, '');
    disk.write(`${PORT}/counters/link_downed`, '18446744073709551615\n');
    disk.write(`${PORT}/counters/port_xmit_wait`, '-1\n');
    const missing = all.filter((name) => !names(expose(disk).sample()).includes(name));
    expect(missing.sort()).toEqual([
      'link_downed_total',
      'out_of_buffer_drops_total',
      'port_errors_received_total',
      'port_transmit_wait_total',
      'symbol_error_total',
      'vl15_dropped_total',
    ]);
  });

  test('makes a counter absent while it cannot be read, and reads it again', () => {
    using disk = machine({ counters: { port_rcv_packets: 5 } });
    const exposed = expose(disk);
    const line = `node_infiniband_port_packets_received_total{${LABELS}} 5`;
    expect(exposed.sample()).toContain(line);
    disk.breakFile(`${PORT}/counters/port_rcv_packets`);
    expect(exposed.sample()).not.toContain(line);
    disk.remove(`${PORT}/counters/port_rcv_packets`);
    disk.write(`${PORT}/counters/port_rcv_packets`, '5\n');
    expect(exposed.sample()).toContain(line);
  });

  test('reads the counters of old kernels', () => {
    using disk = machine({}, (tree) => {
      attributes(tree, `${PORT}/counters_ext`, { port_rcv_data_64: 10, port_xmit_packets_64: 3 });
    });
    const lines = expose(disk).sample();
    expect(lines).toContain(`node_infiniband_legacy_data_received_bytes_total{${LABELS}} 40`);
    expect(lines).toContain(`node_infiniband_legacy_packets_transmitted_total{${LABELS}} 3`);
  });

  test('does without counters, board and type where a driver has none', () => {
    using disk = machine();
    for (const name of ['ports/1/counters', 'ports/1/hw_counters', 'board_id', 'hca_type']) {
      disk.remove(`${BASE}/${name}`);
    }
    expect(names(expose(disk).sample()).sort()).toEqual([
      'info',
      'physical_state_id',
      'rate_bytes_per_second',
      'state_id',
    ]);
  });

  test('is not misled by files that bear the names of methods, and by what is no port', () => {
    using disk = machine();
    disk.write(`${PORT}/counters/constructor`, '1\n');
    disk.write(`${PORT}/counters/vendor_special`, '1\n');
    disk.write(`${BASE}/ports/README`, 'text\n');
    const exposed = expose(disk);
    expect(exposed.sample().length).toBeGreaterThan(50);
    expect(exposed.complaints).toEqual([]);
  });

  test('drops a device that vanishes, and finds one that is plugged in', () => {
    using disk = machine({}, (tree) =>
      hca(tree, { ...CARD, name: 'mlx5_1', device: 'pci0000:00/0000:02:00.0' }),
    );
    const exposed = expose(disk);
    disk.remove('sys/class/infiniband/mlx5_1');
    disk.remove('sys/devices/pci0000:00/0000:02:00.0');
    expect(exposed.sample('node', 'node_infiniband_state_id')).toHaveLength(1);
    const tree: Tree = new Map();
    hca(tree, { ...CARD, name: 'mlx5_2', device: 'pci0000:00/0000:03:00.0' });
    disk.add(tree);
    exposed.registry.rediscover();
    expect(exposed.sample('node', 'node_infiniband_state_id')).toHaveLength(2);
  });

  test('has no data without the class', () => {
    using disk = new OnDisk(new Map());
    expect(expose(disk).registry.reports()[0]?.status).toBe('absent');
  });

  /** What 1.9 does not read; later ones do, under these names. */
  const beyond = new Set(
    Object.values(INFINIBAND_HW_COUNTERS).map((signal) => signal.dialects.node?.name),
  );

  for (const name of ['h100', 'spark'] as const) {
    testWith(['nodeExporter'], `agrees with node_exporter on ${name}`, async ({ nodeExporter }) => {
      using disk = OnDisk.machine(name, 'sys/class/infiniband', 'sys/devices/pci');
      const source = infiniband(disk.paths, UNGUARDED);
      const { theirs, ours } = await both(nodeExporter, 'infiniband', disk.paths, source);
      const known = Object.entries(ours).filter(([key]) => !beyond.has(key.replace(/\{.*/, '')));
      expect(Object.fromEntries(known)).toEqual(theirs);
      expect(Object.keys(theirs).length).toBeGreaterThan(50);
    });
  }

  testWith(['nodeExporter'], 'agrees with node_exporter on every counter', async (found) => {
    const every = (table: object, from: number): Record<string, number> =>
      Object.fromEntries(Object.keys(table).map((file, i) => [file, from + i]));
    using disk = machine({ counters: every(INFINIBAND_COUNTERS, 100) }, (tree) => {
      attributes(tree, `${PORT}/counters_ext`, every(INFINIBAND_COUNTERS_EXT, 300));
    });
    disk.remove(`${PORT}/hw_counters`);
    const source = infiniband(disk.paths, UNGUARDED);
    const { theirs, ours } = await both(found.nodeExporter, 'infiniband', disk.paths, source);
    expect(ours).toEqual(theirs);
    expect(Object.keys(theirs)).toHaveLength(34);
  });
});
