import { type Row, type Signal, signal, signals } from '../signal.ts';

/** Fields (`Protocol_Name`) that are read by default, as in node_exporter. */
export const NETSTAT_FIELDS =
  '^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$';

const field = (name: string, help: string): Row => ({
  type: 'unknown',
  help,
  node: `node_netstat_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`,
});

const row = (name: string, help: string): Readonly<Record<string, Row>> => ({
  [name]: field(name, help),
});

const udp = (protocol: string, version: string): Readonly<Record<string, Row>> => ({
  ...row(`${protocol}_InDatagrams`, `UDP datagrams over ${version} delivered to sockets.`),
  ...row(`${protocol}_NoPorts`, `UDP datagrams over ${version} to ports that nobody listens on.`),
  ...row(`${protocol}_InErrors`, `UDP datagrams over ${version} that could not be delivered.`),
  ...row(`${protocol}_OutDatagrams`, `UDP datagrams over ${version} sent.`),
  ...row(`${protocol}_RcvbufErrors`, `UDP datagrams over ${version} lost to full receive buffers.`),
  ...row(`${protocol}_SndbufErrors`, `UDP datagrams over ${version} lost to full send buffers.`),
});

/** What the default pattern selects of /proc/net/netstat, /proc/net/snmp and /proc/net/snmp6. */
export const NETSTAT = signals('netstat', {
  ...row('Ip_Forwarding', 'Whether this machine forwards IPv4 packets: 1 yes, 2 no.'),
  ...row('IpExt_InOctets', 'Bytes of IPv4 packets received.'),
  ...row('IpExt_OutOctets', 'Bytes of IPv4 packets sent.'),
  ...row('Ip6_InOctets', 'Bytes of IPv6 packets received.'),
  ...row('Ip6_OutOctets', 'Bytes of IPv6 packets sent.'),
  ...row('Icmp_InMsgs', 'ICMP messages received.'),
  ...row('Icmp_InErrors', 'ICMP messages received that were bad.'),
  ...row('Icmp_OutMsgs', 'ICMP messages sent.'),
  ...row('Icmp6_InMsgs', 'ICMPv6 messages received.'),
  ...row('Icmp6_InErrors', 'ICMPv6 messages received that were bad.'),
  ...row('Icmp6_OutMsgs', 'ICMPv6 messages sent.'),
  ...row('Tcp_ActiveOpens', 'TCP connections opened from this side.'),
  ...row('Tcp_PassiveOpens', 'TCP connections opened from the other side.'),
  ...row('Tcp_CurrEstab', 'TCP connections that are established now.'),
  ...row('Tcp_InSegs', 'TCP segments received.'),
  ...row('Tcp_OutSegs', 'TCP segments sent, those sent again excluded.'),
  ...row('Tcp_RetransSegs', 'TCP segments sent again.'),
  ...row('Tcp_InErrs', 'TCP segments received that were bad.'),
  ...row('Tcp_OutRsts', 'TCP resets sent.'),
  ...row('TcpExt_ListenOverflows', 'TCP connections refused because a listen queue was full.'),
  ...row('TcpExt_ListenDrops', 'TCP connections that a listening socket lost, for any reason.'),
  ...row('TcpExt_SyncookiesSent', 'TCP SYN cookies sent.'),
  ...row('TcpExt_SyncookiesRecv', 'TCP SYN cookies that came back and were good.'),
  ...row('TcpExt_SyncookiesFailed', 'TCP SYN cookies that came back and were bad.'),
  ...row('TcpExt_TCPSynRetrans', 'TCP SYN and SYN/ACK segments sent again.'),
  ...row('TcpExt_TCPTimeouts', 'TCP retransmission timers that ran out.'),
  ...row('TcpExt_TCPOFOQueue', 'TCP segments that came out of order and were queued.'),
  ...row('TcpExt_TCPRcvQDrop', 'TCP segments dropped because a receive queue was full.'),
  ...udp('Udp', 'IPv4'),
  ...udp('Udp6', 'IPv6'),
  ...row('UdpLite_InErrors', 'UDP-Lite datagrams over IPv4 that could not be delivered.'),
  ...row('UdpLite6_InErrors', 'UDP-Lite datagrams over IPv6 that could not be delivered.'),
});

/** The signal of any field, `Protocol_Name`; which there are depends on the kernel and the configured pattern. */
export function netstatSignal(name: string): Signal {
  const known = Object.hasOwn(NETSTAT, name) ? NETSTAT[name] : undefined;
  return (
    known ?? signal('netstat', name, field(name, `Field ${name} of the kernel's IP statistics.`))
  );
}
