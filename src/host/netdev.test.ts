import { expect, test } from 'bun:test';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { type NetdevOptions, netdev } from './netdev.ts';

const HEAD = [
  'Inter-|   Receive                                                |  Transmit',
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
];
const COUNTERS =
  ' 386120673    9561    1    2    3     4          5         6   410730    5148    7    8    9    10      11         12';

const table = (names: readonly string[]): string =>
  [...HEAD, ...names.map((name) => `${name.padStart(6)}:${COUNTERS}`), ''].join('\n');

/** A machine with these interfaces; `physical` have a device. */
function machine(names: readonly string[], physical: readonly string[] = []): Files {
  const files = new Files({ 'proc/net/dev': table(names) });
  for (const name of physical)
    mkdirSync(join(files.root, 'sys/class/net', name, 'device'), { recursive: true });
  return files;
}

const exposed = (files: Files, options?: NetdevOptions): Exposed =>
  new Exposed(netdev(files.paths, options));
const devices = (lines: readonly string[]): string[] =>
  lines.map((line) => /device="(.*)"/.exec(line)?.[1] ?? '');

test('netdev() reads the 16 columns and rx_nohandler under the names of node_exporter', () => {
  using files = machine(['eth0']);
  files.write('sys/class/net/eth0/statistics/rx_nohandler', '13\n');
  expect(exposed(files).sample('node')).toEqual([
    'node_network_receive_bytes_total{device="eth0"} 386120673',
    'node_network_receive_compressed_total{device="eth0"} 5',
    'node_network_receive_drop_total{device="eth0"} 2',
    'node_network_receive_errs_total{device="eth0"} 1',
    'node_network_receive_fifo_total{device="eth0"} 3',
    'node_network_receive_frame_total{device="eth0"} 4',
    'node_network_receive_multicast_total{device="eth0"} 6',
    'node_network_receive_nohandler_total{device="eth0"} 13',
    'node_network_receive_packets_total{device="eth0"} 9561',
    'node_network_transmit_bytes_total{device="eth0"} 410730',
    'node_network_transmit_carrier_total{device="eth0"} 11',
    'node_network_transmit_colls_total{device="eth0"} 10',
    'node_network_transmit_compressed_total{device="eth0"} 12',
    'node_network_transmit_drop_total{device="eth0"} 8',
    'node_network_transmit_errs_total{device="eth0"} 7',
    'node_network_transmit_fifo_total{device="eth0"} 9',
    'node_network_transmit_packets_total{device="eth0"} 5148',
  ]);
});

test('netdev() has eight native series for each interface with a device behind it', () => {
  using files = machine(['lo', 'enP7s7', 'docker0'], ['enP7s7']);
  expect(exposed(files).sample('native')).toEqual([
    'network_receive_bytes_total{device="enP7s7"} 386120673',
    'network_receive_dropped_total{device="enP7s7"} 2',
    'network_receive_errors_total{device="enP7s7"} 1',
    'network_receive_packets_total{device="enP7s7"} 9561',
    'network_transmit_bytes_total{device="enP7s7"} 410730',
    'network_transmit_dropped_total{device="enP7s7"} 8',
    'network_transmit_errors_total{device="enP7s7"} 7',
    'network_transmit_packets_total{device="enP7s7"} 5148',
  ]);
});

test('netdev() takes the native interfaces from the option when there is one', () => {
  using files = machine(['lo', 'eth0', 'bond0'], ['eth0']);
  const shown = exposed(files, { native: '^(lo|bond)' });
  expect(devices(shown.sample('native', 'network_receive_bytes'))).toEqual(['lo', 'bond0']);
  expect(devices(shown.sample('node', 'node_network_receive_bytes'))).toEqual([
    'lo',
    'eth0',
    'bond0',
  ]);
});

test('netdev() reads only the interfaces that the options let through', () => {
  using files = machine(['lo', 'eth0', 'veth1', 'veth2']);
  const named = (options: NetdevOptions): string[] =>
    devices(exposed(files, options).sample('node', 'node_network_receive_bytes'));
  expect(named({ deviceExclude: '^veth' })).toEqual(['lo', 'eth0']);
  expect(named({ deviceInclude: '^veth' })).toEqual(['veth1', 'veth2']);
});

test('netdev() adds interfaces that come and drops those that go, and leaves the others where they are', () => {
  using files = machine(['lo', 'eth0']);
  files.write('sys/class/net/eth0/statistics/rx_nohandler', '1\n');
  files.write('sys/class/net/veth9/statistics/rx_nohandler', '2\n');
  const shown = exposed(files);
  const seen = (): string[] => devices(shown.sample('node', 'node_network_transmit_bytes'));
  const slots = (): (number | undefined)[] =>
    [...shown.layout.series()].filter((s) => s.labels['device'] === 'eth0').map((s) => s.slot);
  expect(seen()).toEqual(['lo', 'eth0']);
  const before = slots();
  expect(before).toHaveLength(17);
  files.write('proc/net/dev', table(['veth9', 'lo', 'eth0']));
  expect(seen()).toEqual(['veth9', 'lo', 'eth0']);
  expect(slots()).toEqual(before);
  expect(shown.sample('node', 'node_network_receive_nohandler')).toEqual([
    'node_network_receive_nohandler_total{device="veth9"} 2',
    'node_network_receive_nohandler_total{device="eth0"} 1',
  ]);
  files.write('proc/net/dev', table(['eth0']));
  expect(seen()).toEqual(['eth0']);
  expect(slots()).toEqual(before);
  expect(shown.complaints).toEqual([]);
});

test('netdev() keeps everything else when rx_nohandler of one interface vanishes', () => {
  using files = machine(['lo', 'eth0']);
  for (const name of ['lo', 'eth0'])
    files.write(`sys/class/net/${name}/statistics/rx_nohandler`, '5\n');
  const source = netdev(files.paths);
  const shown = new Exposed(source);
  rmSync(join(files.root, 'sys/class/net/lo'), { recursive: true });
  const lines = shown.sample('node');
  expect(lines).toHaveLength(2 * 16 + 1);
  expect(lines).toContain('node_network_receive_nohandler_total{device="eth0"} 5');
  expect(shown.sample('node')).toEqual(lines);
  expect(shown.complaints).toEqual([]);
});

test('netdev() takes only the last colon for the end of a name, and names that are not UTF-8', () => {
  using files = new Files({
    'proc/net/dev': Buffer.concat([
      Buffer.from(table(['eth0:1', 'we"ird\\', 'üml'])),
      Buffer.of(0x62, 0xff),
      Buffer.from(`:${COUNTERS}\n`),
    ]),
  });
  expect(exposed(files).sample('node', 'node_network_receive_drop')).toEqual([
    'node_network_receive_drop_total{device="eth0:1"} 2',
    'node_network_receive_drop_total{device="we\\"ird\\\\"} 2',
    'node_network_receive_drop_total{device="üml"} 2',
    'node_network_receive_drop_total{device="b\ufffd"} 2',
  ]);
});

test('netdev() finds the device of an interface whose name is not UTF-8', () => {
  const name = Buffer.of(0x62, 0xff);
  using files = new Files({
    'proc/net/dev': Buffer.concat([name, Buffer.from(`:${COUNTERS}\n`)]),
    'sys/class/net/bonding_masters': '\n',
  });
  const folder = Buffer.from(join(files.root, 'sys/class/net/'));
  mkdirSync(Buffer.concat([folder, name, Buffer.from('/device')]), { recursive: true });
  expect(exposed(files).sample('native', 'network_receive_packets')).toEqual([
    'network_receive_packets_total{device="b\ufffd"} 9561',
  ]);
});

test('netdev() keeps counters of 2^64 - 1 and leaves out what is no number', () => {
  using files = new Files({ 'proc/net/dev': 'eth0: 18446744073709551615 x 3\n' });
  expect(exposed(files).sample('node')).toEqual([
    'node_network_receive_bytes_total{device="eth0"} 18446744073709552000',
    'node_network_receive_errs_total{device="eth0"} 3',
  ]);
});

test('netdev() leaves out a line that is cut short, and recovers', () => {
  using files = machine(['lo', 'eth0']);
  const shown = exposed(files);
  const whole = shown.sample('node');
  files.write('proc/net/dev', table(['lo', 'eth0']).slice(0, -60));
  expect(new Set(devices(shown.sample('node')))).toEqual(new Set(['lo']));
  files.write('proc/net/dev', HEAD.join('\n'));
  expect(shown.sample('node')).toEqual([]);
  files.write('proc/net/dev', table(['lo', 'eth0']));
  expect(shown.sample('node')).toEqual(whole);
  expect(shown.complaints).toEqual([]);
});

test('netdev() says nothing of an empty file, nor without one', () => {
  using files = new Files({ 'proc/net/dev': '' });
  expect(exposed(files).sample('node')).toEqual([]);
  files.remove('proc/net/dev');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
});

test('netdev() reads 10,000 interfaces', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `veth${i}`);
  using files = machine(names, ['veth9999']);
  const shown = exposed(files);
  expect(shown.sample('native', 'network_receive_bytes')).toEqual([
    'network_receive_bytes_total{device="veth9999"} 386120673',
  ]);
  shown.registry.sample();
  const written = [...shown.layout.series('netdev')].filter(
    (s) => !Number.isNaN(shown.layout.board.values[s.slot] as number),
  );
  expect(written).toHaveLength(10_000 * 16);
});

test('netdev() shows the physical interfaces of the fixture machines', () => {
  for (const [name, physical] of [
    ['vm', ['eth0']],
    ['h100', ['eno1', 'eno2', ...[24, 64, 79, 94, 154, 206, 216, 220].map((n) => `enp${n}s0np0`)]],
    ['spark', ['enP7s7', 'enp1s0f0np0', 'enp1s0f1np1', 'enP2p1s0f0np0', 'enP2p1s0f1np1', 'wlP9s9']],
  ] as const) {
    using files = Files.machine(
      name,
      'proc/net',
      'proc/self',
      'proc/1/net',
      'sys/class/net',
      'sys/devices',
    );
    const lines = exposed(files).sample('native', 'network_receive_bytes_total');
    expect([name, devices(lines).sort()]).toEqual([name, [...physical].sort()]);
  }
});
