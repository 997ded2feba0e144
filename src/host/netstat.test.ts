import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { type NetstatOptions, netstat } from './netstat.ts';

const SNMP = [
  'Ip: Forwarding DefaultTTL InReceives',
  'Ip: 2 64 9585',
  'Icmp: InMsgs InErrors OutMsgs',
  'Icmp: 7 8 9',
  'Tcp: RtoAlgorithm MaxConn CurrEstab InErrs',
  'Tcp: 1 -1 18446744073709551615 6',
];
const NETSTAT = [
  'TcpExt: SyncookiesSent EmbryonicRsts ListenDrops TCPLossFailures TCPSynRetrans',
  'TcpExt: 1 2 3 4 5',
  'IpExt: InNoRoutes InOctets OutOctets',
  'IpExt: 10 11 12',
];
const SNMP6 = [
  'Ip6InReceives                   \t1',
  'Ip6InOctets                     \t128',
  'UdpLite6InErrors                \t4',
  'NoSuchThing                     \t5',
];

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const machine = (): Files =>
  new Files({
    'proc/net/snmp': text(SNMP),
    'proc/net/netstat': text(NETSTAT),
    'proc/net/snmp6': text(SNMP6),
  });
const exposed = (files: Files, options?: NetstatOptions): Exposed =>
  new Exposed(netstat(files.paths, options));

test('netstat() reads the default fields of all three files as untyped', () => {
  using files = machine();
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([
    'node_netstat_Icmp_InErrors 8',
    'node_netstat_Icmp_InMsgs 7',
    'node_netstat_Icmp_OutMsgs 9',
    'node_netstat_Ip6_InOctets 128',
    'node_netstat_IpExt_InOctets 11',
    'node_netstat_IpExt_OutOctets 12',
    'node_netstat_Ip_Forwarding 2',
    'node_netstat_TcpExt_ListenDrops 3',
    'node_netstat_TcpExt_SyncookiesSent 1',
    'node_netstat_TcpExt_TCPSynRetrans 5',
    'node_netstat_Tcp_CurrEstab 18446744073709552000',
    'node_netstat_Tcp_InErrs 6',
    'node_netstat_UdpLite6_InErrors 4',
  ]);
  expect(shown.text('node')).toContain('# TYPE node_netstat_Tcp_InErrs untyped\n');
});

test('netstat() reads the fields that the option asks for, negative ones too', () => {
  using files = machine();
  expect(exposed(files, { fields: '^(Tcp_M|TcpExt_TCPL|Ip6_InR)' }).sample('node')).toEqual([
    'node_netstat_Ip6_InReceives 1',
    'node_netstat_TcpExt_TCPLossFailures 4',
    'node_netstat_Tcp_MaxConn -1',
  ]);
});

test('netstat() follows the columns of IcmpMsg, which come as the kernel sees new types', () => {
  using files = machine();
  const shown = exposed(files, { fields: '^IcmpMsg_|Tcp_InErrs' });
  const lines = (names: string, values: string): void =>
    files.write(
      'proc/net/snmp',
      text([...SNMP.slice(0, 4), `IcmpMsg: ${names}`, `IcmpMsg: ${values}`, ...SNMP.slice(4)]),
    );
  expect(shown.sample('node')).toEqual(['node_netstat_Tcp_InErrs 6']);
  lines('InType3', '1');
  expect(shown.sample('node')).toEqual([
    'node_netstat_IcmpMsg_InType3 1',
    'node_netstat_Tcp_InErrs 6',
  ]);
  lines('InType0 InType3', '2 1');
  expect(shown.sample('node')).toEqual([
    'node_netstat_IcmpMsg_InType0 2',
    'node_netstat_IcmpMsg_InType3 1',
    'node_netstat_Tcp_InErrs 6',
  ]);
  expect(shown.complaints).toEqual([]);
});

test('netstat() does without snmp6 when IPv6 is off', () => {
  using files = machine();
  files.remove('proc/net/snmp6');
  const lines = exposed(files).sample('node');
  expect(lines).toHaveLength(11);
  expect(lines.filter((line) => line.includes('6_'))).toEqual([]);
});

test('netstat() leaves out values that are missing, and recovers', () => {
  using files = machine();
  const shown = exposed(files, { fields: '^(Tcp|Icmp)_' });
  const whole = shown.sample('node');
  files.write('proc/net/snmp', text(['Icmp: InMsgs InErrors OutMsgs', 'Icmp: 7', 'Tcp: InErrs']));
  expect(shown.sample('node')).toEqual(['node_netstat_Icmp_InMsgs 7']);
  files.write('proc/net/snmp', 'Icmp: InMsgs\nTcp: 5\n\nTcp: InErrs\n');
  expect(shown.sample('node')).toEqual([]);
  files.write('proc/net/snmp', text(SNMP));
  expect(shown.sample('node')).toEqual(whole);
});

test('netstat() says nothing of empty files, nor without any', () => {
  using files = machine();
  for (const name of ['snmp', 'netstat', 'snmp6']) files.write(`proc/net/${name}`, '');
  expect(exposed(files).sample('node')).toEqual([]);
  files.remove('proc/net');
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
});

test('netstat() reads names that are not UTF-8 and 10,000 fields', () => {
  const fields = Array.from({ length: 10_000 }, (_, i) => `Odd6F${i} ${i}\n`).join('');
  using files = new Files({
    'proc/net/snmp6': Buffer.concat([Buffer.from(fields), Buffer.of(0xff), Buffer.from('6x 3\n')]),
  });
  const lines = exposed(files, { fields: '' }).sample('node');
  expect(lines).toHaveLength(10_001);
  expect(lines).toContain('node_netstat_Odd6_F9999 9999');
  expect(lines).toContain('node_netstat__6_x 3');
});

test('netstat() reads the fixture machines', () => {
  for (const name of ['vm', 'h100', 'spark'] as const) {
    using files = Files.machine(name, 'proc/net', 'proc/self', 'proc/1/net');
    const lines = exposed(files).sample('node', 'node_netstat_');
    expect([name, lines.length]).toEqual([name, 42]);
  }
});
