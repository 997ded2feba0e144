import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { type ArpOptions, arp } from './arp.ts';
import { Files } from './files.fixture.ts';

const HEAD = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const row = (device: string, flags = '0x2'): string =>
  `192.0.2.1        0x1         ${flags}         02:00:5e:00:53:01     *        ${device}\n`;
const table = (...devices: readonly string[]): string =>
  HEAD + devices.map((device) => row(device)).join('');

const machine = (text: string | Uint8Array): Files => new Files({ 'proc/net/arp': text });
const exposed = (files: Files, options?: ArpOptions): Exposed =>
  new Exposed(arp(files.paths, options));

test('arp() counts the neighbours of each interface, complete or not', () => {
  using files = machine(
    `${table('eth0', 'eth1', 'eth0')}${row('eth0', '0x0')}${row('eth0', '0x6')}`,
  );
  expect(exposed(files).sample('node')).toEqual([
    'node_arp_entries{device="eth0"} 4',
    'node_arp_entries{device="eth1"} 1',
  ]);
});

test('arp() does not count addresses that this machine answers for', () => {
  using files = machine(`${table('eth0')}${row('eth0', '0xc')}${row('*', '0xc')}`);
  expect(exposed(files).sample('node')).toEqual(['node_arp_entries{device="eth0"} 1']);
});

test('arp() reads only the interfaces that the options let through', () => {
  using files = machine(table('eth0', 'veth1', 'veth2'));
  expect(exposed(files, { deviceExclude: '^veth' }).sample('node')).toEqual([
    'node_arp_entries{device="eth0"} 1',
  ]);
  expect(exposed(files, { deviceInclude: '1$' }).sample('node')).toEqual([
    'node_arp_entries{device="veth1"} 1',
  ]);
});

test('arp() follows neighbours that come and go', () => {
  using files = machine(table('eth0'));
  const shown = exposed(files);
  const entries = (...devices: readonly string[]): string[] => {
    files.write('proc/net/arp', table(...devices));
    return shown.sample('node');
  };
  expect(entries('eth0', 'eth0')).toEqual(['node_arp_entries{device="eth0"} 2']);
  expect(entries('eth1', 'eth0')).toEqual([
    'node_arp_entries{device="eth1"} 1',
    'node_arp_entries{device="eth0"} 1',
  ]);
  const version = shown.layout.version;
  expect(entries('eth1')).toEqual(['node_arp_entries{device="eth1"} 1']);
  expect(entries()).toEqual([]);
  expect(entries('eth0')).toEqual(['node_arp_entries{device="eth0"} 1']);
  // A table that empties and fills again does not move the layout.
  expect(shown.layout.version).toBe(version);
  expect(shown.complaints).toEqual([]);
});

test('arp() takes names that are not UTF-8', () => {
  using files = machine(
    Buffer.concat([Buffer.from(table('we"ird')), Buffer.from(row('b\xff'), 'latin1')]),
  );
  expect(exposed(files).sample('node')).toEqual([
    'node_arp_entries{device="we\\"ird"} 1',
    'node_arp_entries{device="b\ufffd"} 1',
  ]);
});

test('arp() passes over a line that names no interface, and knows no count when the last line is half', () => {
  const half = table('eth0', 'eth1').slice(0, -12);
  using files = machine(`${half}\n`);
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual(['node_arp_entries{device="eth0"} 1']);
  files.write('proc/net/arp', half);
  expect(shown.sample('node')).toEqual([]);
  files.write('proc/net/arp', table('eth0', 'eth1').slice(0, -2));
  expect(shown.sample('node')).toEqual([]);
  expect(exposed(files).sample('node')).toEqual([]);
});

test('arp() says nothing of an empty table, nor without one', () => {
  using files = machine(HEAD);
  expect(exposed(files).sample('node')).toEqual([]);
  files.write('proc/net/arp', '');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('ok');
  files.remove('proc/net/arp');
  const without = exposed(files);
  expect(without.sample('node')).toEqual([]);
  expect(without.registry.reports()[0]?.status).toBe('absent');
});

test('arp() counts 20,000 neighbours on 10,000 interfaces', () => {
  const devices = Array.from({ length: 10_000 }, (_, i) => `veth${i}`);
  using files = machine(table(...devices, ...devices));
  const lines = exposed(files).sample('node');
  expect(lines).toHaveLength(10_000);
  expect(lines.every((line) => line.endsWith(' 2'))).toBe(true);
});
