import { pick } from './number.ts';
import { lines, type Tree } from './tree.ts';

/** Fields of /proc/net/snmp by protocol (net/ipv4/proc.c). */
const SNMP: Record<string, string> = {
  Ip: 'Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates OutTransmits',
  Icmp: 'InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps',
  IcmpMsg: 'InType0 InType3 InType8 OutType0 OutType3 OutType8',
  Tcp: 'RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
  Udp: 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
  UdpLite:
    'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
};

/** Fields of /proc/net/netstat by protocol. */
const NETSTAT: Record<string, string> = {
  TcpExt:
    'SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps LockDroppedIcmps ArpFilter TW TWRecycled TWKilled PAWSActive PAWSEstab DelayedACKs DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks TCPHPAcks TCPRenoRecovery TCPSackRecovery TCPSACKReneging TCPSACKReorder TCPTSReorder TCPFullUndo TCPPartialUndo TCPDSACKUndo TCPLossUndo TCPLostRetransmit TCPSackFailures TCPLossFailures TCPFastRetrans TCPSlowStartRetrans TCPTimeouts TCPLossProbes TCPLossProbeRecovery TCPSackRecoveryFail TCPRcvCollapsed TCPBacklogCoalesce TCPDSACKOldSent TCPDSACKOfoSent TCPDSACKRecv TCPAbortOnData TCPAbortOnClose TCPAbortOnMemory TCPAbortOnTimeout TCPAbortOnLinger TCPAbortFailed TCPMemoryPressures TCPMemoryPressuresChrono TCPSpuriousRTOs TCPSackShifted TCPSackMerged TCPBacklogDrop TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail TCPRcvCoalesce TCPOFOQueue TCPOFODrop TCPOFOMerge TCPChallengeACK TCPSYNChallenge TCPFastOpenActive TCPAutoCorking TCPFromZeroWindowAdv TCPToZeroWindowAdv TCPSynRetrans TCPOrigDataSent TCPKeepAlive TCPDelivered TCPDeliveredCE TCPAckCompressed TCPZeroWindowDrop TCPRcvQDrop TCPWqueueTooBig TcpTimeoutRehash',
  IpExt:
    'InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps',
  MPTcpExt: 'MPCapableSYNRX MPCapableSYNTX MPCapableSYNACKRX MPCapableACKRX MPTCPRetrans',
};

/** Fields of /proc/net/snmp6 by protocol (net/ipv6/proc.c). */
const SNMP6: Record<string, string> = {
  Ip6: 'InReceives InHdrErrors InTooBigErrors InNoRoutes InAddrErrors InUnknownProtos InTruncatedPkts InDiscards InDelivers OutForwDatagrams OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates InMcastPkts OutMcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts OutTransmits',
  Icmp6:
    'InMsgs InErrors OutMsgs OutErrors InCsumErrors OutRateLimitHost InDestUnreachs InPktTooBigs InTimeExcds InParmProblems InEchos InEchoReplies InGroupMembQueries InGroupMembResponses InGroupMembReductions InRouterSolicits InRouterAdvertisements InNeighborSolicits InNeighborAdvertisements InRedirects InMLDv2Reports OutDestUnreachs OutEchos OutEchoReplies OutRouterSolicits OutNeighborSolicits OutNeighborAdvertisements OutMLDv2Reports InType134 OutType133 OutType135 OutType143',
  Udp6: 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
  UdpLite6:
    'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors MemErrors',
};

/** Values that are settings, not counts. */
const SETTINGS: Record<string, number | bigint> = {
  Ip_DefaultTTL: 64,
  Tcp_RtoAlgorithm: 1,
  Tcp_RtoMin: 200,
  Tcp_RtoMax: 120_000,
  Tcp_MaxConn: -1,
};

/** Fields that count what seldom happens. */
const SELDOM =
  /Err|Fail|Drop|NoPorts|Overflow|Abort|Prune|Rst|Retrans|Timeout|Unreach|Discard|Exc|Challenge/;

type Known = Record<string, number | bigint>;

function value(host: string, protocol: string, field: string, known: Known): number | bigint {
  const key = `${protocol}_${field}`;
  const [low, high] = SELDOM.test(field) ? [10, 900_000] : [1e6, 8e9];
  return known[key] ?? SETTINGS[key] ?? pick(`${host} ${key}`, low, high);
}

/** Two lines for each protocol: names, then values. */
function pairs(host: string, table: Record<string, string>, known: Known): string[] {
  return Object.entries(table).flatMap(([protocol, names]) => {
    const values = names.split(' ').map((field) => value(host, protocol, field, known));
    return [`${protocol}: ${names}`, `${protocol}: ${values.join(' ')}`];
  });
}

/** Adds snmp, netstat and snmp6 below proc/1/net; `known` sets fields by `Protocol_Field`. */
export function netstat(tree: Tree, host: string, known: Known): void {
  lines(tree, 'proc/1/net/snmp', pairs(host, SNMP, known));
  lines(tree, 'proc/1/net/netstat', pairs(host, NETSTAT, known));
  lines(
    tree,
    'proc/1/net/snmp6',
    Object.entries(SNMP6).flatMap(([protocol, names]) =>
      names
        .split(' ')
        .map(
          (field) => `${`${protocol}${field}`.padEnd(32)}\t${value(host, protocol, field, known)}`,
        ),
    ),
  );
}
